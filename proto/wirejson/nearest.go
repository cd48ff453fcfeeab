package wirejson

import "strings"

// nearest is the name that was probably meant: one that is equal without case and
// lines ("pageSize"), or that differs by few letters. "" for none.
func nearest(written string, names []string) string {
	if len(written) > 100 {
		return ""
	}
	best, least := "", max(1, min(3, (len(written)+1)/3))+1
	for _, name := range names {
		distance := edits(folded(written), folded(name))
		if distance < least {
			best, least = name, distance
		}
	}
	return best
}

func folded(name string) string {
	return strings.ToLower(strings.NewReplacer("_", "", "-", "").Replace(name))
}

// edits is the edit distance of Levenshtein, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		before := row[0] // of the row above, one to the left
		row[0] = i + 1
		for j := range len(b) {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			before, row[j+1] = row[j+1], min(before+cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
