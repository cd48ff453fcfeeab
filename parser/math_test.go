package parser_test

import (
	"strings"
	"testing"
	"time"
)

// Marks that may begin a formula and have no end are looked for once in each line, and not once for
// each of them.
func TestMarksWithoutAFormulaTakeLinearTime(t *testing.T) {
	measure := func(marks int) (took time.Duration) {
		body := strings.Repeat("$a ", marks)
		for round := range 3 {
			began := time.Now()
			if got := parse(t, "text/markdown", body).Text; got != strings.TrimSpace(body) {
				t.Fatalf("the text has %d bytes, want %d", len(got), len(body)-1)
			}
			if spent := time.Since(began); round == 0 || spent < took {
				took = spent
			}
		}
		return took
	}
	if few, many := measure(1000), measure(16_000); many > 60*few {
		t.Errorf("1,000 marks take %v, 16,000 take %v", few, many)
	}
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
