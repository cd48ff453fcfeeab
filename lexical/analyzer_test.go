package lexical_test

import (
	"fmt"
	"testing"

	"dalil/lexical"
)

func TestSmoke(t *testing.T) {
	a := lexical.NewAnalyzer()
	for _, s := range []string{"وَالتَّعاوُنِ في ٢٠٢٢، 1,000,000 و3.5 U.S.A. O'Neill COVIDفيروس", "مسئول مسؤول ﷺ 我们喜欢北京 e\u0301té Temu\u0308jin's \xff ابـــــن"} {
		for _, w := range a.Words(s) {
			fmt.Printf("%+v %q\n", w, s[w.Span.Start:w.Span.End])
		}
	}
}
