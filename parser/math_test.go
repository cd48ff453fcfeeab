package parser_test

import (
	"strings"
	"testing"
	"time"

	"dalil/internal/growth"
)

// Marks that may begin a formula and have no end are looked for once in each line, and not once for
// each of them.
func TestMarksWithoutAFormulaTakeLinearTime(t *testing.T) {
	measure := func(marks int) time.Duration {
		body := strings.Repeat("$a ", marks)
		return growth.Fastest(3, func() {
			if got := parse(t, "text/markdown", body).Text; got != strings.TrimSpace(body) {
				t.Fatalf("the text has %d bytes, want %d", len(got), len(body)-1)
			}
		})
	}
	growth.AtMost(t, "16,000 marks, compared with 1,000", 60, func() (_, _ time.Duration) { return measure(1000), measure(16_000) })
}

func TestFormulasBehindMarksWithoutAny(t *testing.T) {
	for _, test := range []struct{ body, want string }{
		{"It costs $a or $b more.\n\nThe area $a*b*c$ is.", "It costs $a or $b more.\n\nThe area $a*b*c$ is."},
		{"It costs $a or $b more and\nthe area $a*b*c$ is $d*e*f$.", "It costs $a or $b more and the area $a*b*c$ is $d*e*f$."},
		{"$a $b $c\n$d*e*f$", "$a $b $c $d*e*f$"},
		{"$a $b\nnothing\n$d*e*f$ and *g*", "$a $b nothing $d*e*f$ and g"},
		{"- $a $b\n- $d*e*f$ *g*", "- $a $b\n- $d*e*f$ g"},
	} {
		if got := parse(t, "text/markdown", test.body).Text; got != test.want {
			t.Errorf("%q: got %q, want %q", test.body, got, test.want)
		}
	}
}
