package chunker_test

import (
	"fmt"

	"dalil/chunker"
)

// Passages are whole sentences, and their spans count bytes of the text: joined,
// they give the text back.
func ExampleChunker_Split() {
	text := "The symposium opened on Monday. Ministers spoke of water.\n\nThe second day was about cities."
	c := chunker.New(chunker.Options{Target: 8})
	for _, span := range c.Split(text) {
		fmt.Printf("%d-%d %q\n", span.Start, span.End, text[span.Start:span.End])
	}
	// Output:
	// 0-59 "The symposium opened on Monday. Ministers spoke of water.\n\n"
	// 59-91 "The second day was about cities."
}
