package conversation_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"dalil/conversation"
	"dalil/internal/growth"
	"dalil/lexical"
)

// An answer without passages may have thousands of repeated words, of which most dimensions are of
// forms and not of stems. Its words are read once, and not once for each of them.
func TestLongAnswersAreReadOnce(t *testing.T) {
	a := lexical.NewAnalyzer()
	x := lexical.NewExpander(a, nil, lexical.ExpandOptions{})
	reader := conversation.NewReader(a, x)
	v := index{map[uint32]int{}, 10}
	measure := func(words int) time.Duration {
		random := rand.New(rand.NewPCG(1, 2))
		syllables := strings.Fields("ba ke lo mi nu ra se to vi zu dan fer gol hin")
		var text strings.Builder
		for range words {
			for range 2 + random.IntN(2) {
				text.WriteString(syllables[random.IntN(len(syllables))])
			}
			text.WriteByte(' ')
		}
		c := reader.Said(text.String())
		c.Profile = a.Profile("", c.Text, c.Sparse)
		return growth.Fastest(5, func() { reader.Salient(c, v) })
	}
	growth.AtMost(t, "an answer of 4,800 words, compared with one of 1,200", 10, func() (_, _ time.Duration) { return measure(1200), measure(4800) })
}
