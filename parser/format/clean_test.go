package format_test

import (
	"testing"

	"dalil/parser/format"
)

// A text that is clean is returned as it is; what is not is made clean in any case. A
// control character, which is left out, changes nothing else.
func TestCleanDoesNotDependOnWhatIsLeftOut(t *testing.T) {
	pieces := []string{"", "a", " ", "\n", "\t", "\r", "\u2028", "\u00a0", "\u0085", "\ufeff", "\xff", "سلام", "\u200f", "\v"}
	for _, a := range pieces {
		for _, b := range pieces {
			for _, c := range pieces {
				for _, d := range pieces {
					text := a + b + c + d + "e"
					got, want := format.Clean(text), format.Clean("\x01"+text)
					if got != want {
						t.Fatalf("Clean(%q) is %q, with a control character before it %q", text, got, want)
					}
					if again := format.Clean(got); again != got {
						t.Fatalf("Clean(%q) is %q, and cleaned again %q", text, got, again)
					}
				}
			}
		}
	}
}
