// Package term prints for people: text made safe for a terminal, colour,
// aligned tables, progress and short forms of numbers and times. It knows
// nothing of plans or databases.
//
// The policy:
//   - Whatever a user or a file wrote passes Clean or CleanText before it is
//     printed. Table and Progress do so themselves; nothing else here does.
//   - A terminal gets aligned, coloured and truncated text. A pipe gets plain
//     tab-separated values, whole, never coloured, not even on request.
//   - Text is measured and cut before it is painted.
//   - Importing the package runs no code of its own: start-up time counts.
package term
