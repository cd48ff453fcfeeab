package vector

import "slices"

// findAmongAVX512 returns how many of n numbers, at least 1, it found. It may write up to 15
// elements more than it found.
//
//go:noescape
func findAmongAVX512(set *Among, numbers *byte, n int, to *int32) int

func (a *Among) find(to []int32, numbers []byte) []int32 {
	n := len(numbers) / 4
	if !features.AVX512 || n == 0 {
		return a.findGo(to, numbers)
	}
	to = slices.Grow(to, n+16)
	found := findAmongAVX512(a, &numbers[0], n, &to[:len(to)+1][len(to)])
	return to[:len(to)+found]
}
