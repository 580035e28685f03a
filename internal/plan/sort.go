package plan

import "sort"

// Sort is slices.SortStableFunc, compiled once and not for each type, which in all made
// the program a hundred kilobytes bigger.
func Sort[T any](list []T, order func(a, b T) int) {
	sort.SliceStable(list, func(i, j int) bool { return order(list[i], list[j]) < 0 })
}
