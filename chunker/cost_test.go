//go:build !race

// The race detector makes these much slower, and they start no goroutine.

package chunker_test

import (
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"dalil/chunker"
)

// Four times the text must not take sixteen times the time. Ratios of the best
// of several runs in one process, with room for noise, tell the two apart.
func TestSplitTakesLinearTime(t *testing.T) {
	const n = 10_000
	for _, test := range []struct{ name, head, unit, tail string }{
		{"one endless word", "", "ك", ""},
		{"points", "", ".", ""},
		{"points and spaces", "", ". ", ""},
		{"line feeds", "", "\n", ""},
		{"spaces", "", " ", ""},
		{"combining marks", "", "\u064b", ""},
		{"a letter and combining marks", "a", "\u0301", ""},
		{"quotes", "", "\"”»", ""},
		{"questions", "", "؟", ""},
		{"abbreviations", "", "ص. ", ""},
		{"list numbers", "", "1. ", ""},
		{"abbreviations behind white space", " ", "ص. ", ""},
		{"headings before white space", "", "عنوان\n", " "},
		{"one endless sentence", "", "كلمة ", ""},
		{"one endless line with commas", "", "ك،", ""},
		{"wrapped lines", "", strings.Repeat("a", 60) + "\n", ""},
		{"Chinese", "", "他。", ""},
		{"points before letters", "", " .ا", ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			text := func(n int) string {
				return strings.Repeat(test.head, n) + strings.Repeat(test.unit, n) + strings.Repeat(test.tail, n)
			}
			for _, c := range []*chunker.Chunker{
				chunker.New(chunker.Options{}),
				chunker.New(chunker.Options{Target: 20, Count: utf8.RuneCountInString}),
			} {
				ratio := 0.0
				for range 4 { // a busy machine spoils one round, not four
					small, large := best(c, text(n)), best(c, text(4*n))
					if ratio = float64(large) / float64(max(small, 20*time.Microsecond)); ratio < 10 {
						break
					}
				}
				if ratio >= 10 {
					t.Errorf("%s: four times the text took %.1f times as long, want about 4", c.Name(), ratio)
				}
			}
		})
	}
}

func best(c *chunker.Chunker, text string) time.Duration {
	least := time.Hour
	for range 3 {
		start := cpuTime()
		c.Split(text)
		least = min(least, cpuTime()-start)
	}
	return least
}

func BenchmarkSplit(b *testing.B) {
	text := strings.Repeat("افتتح السيد الوزير المعرض الدولي للكتاب يوم الثلاثاء بحضور د. سامي الخولي. وقال إن عدد الزوار بلغ 3.5 مليون زائر؟ نعم، هذا صحيح.\n", 400)
	c := chunker.New(chunker.Options{})
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		c.Split(text)
	}
}
