// Package parity has the tests that drive the command line, HTTP and MCP side
// by side: the same input is to give the same answer, the same error and the
// same history on all three, alone and when many work at once.
//
// PM_TEST_LOAD=full runs them with their whole load.
package parity
