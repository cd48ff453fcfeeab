//go:build !race && unix

// The race detector makes these much slower, and they start no goroutine.

package lexical

import (
	"math"
	"strings"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"pgregory.net/rapid"

	"dalil/corpus"
)

// Each line is one term, however it is written or what it carries.
var arabicFamilies = strings.Split(strings.TrimSpace(`
والتعاون بالتعاون للتعاون التعاون تعاون كالتعاون فالتعاون
مستشفى مستشفي المستشفى
المتحدة المتحده متحدة
٢٠٢٢ 2022 ۲۰۲۲
كَتَبَ كتب كـتـب
الفقر فقر والفقر للفقر بالفقر
التنمية تنمية والتنمية للتنمية التنميه
مدينة المدينة بالمدينة والمدينة مدينه
جامعة الجامعة بجامعة والجامعة
حكومة الحكومة والحكومة للحكومة
دولة الدولة للدولة والدولة
منظمة المنظمة والمنظمة للمنظمة
شركة الشركة شركه والشركة
مبادرة المبادرة لمبادرة ومبادرة
صداقة الصداقة والصداقة
لقاح اللقاح واللقاح بلقاح
طريق الطريق والطريق بالطريق
حزام الحزام والحزام
اقتصاد الاقتصاد والاقتصاد للاقتصاد
إنترنت انترنت الإنترنت الانترنت
أمن امن الأمن الامن
إدارة ادارة الإدارة والإدارة
آسيا اسيا وآسيا
مؤتمر المؤتمر للمؤتمر والمؤتمر
رئيس الرئيس ورئيس
سفير السفير وسفير
شعب الشعب والشعب
عالم العالم للعالم والعالم
مجتمع المجتمع للمجتمع والمجتمع
مشروع المشروع والمشروع
صحة الصحة والصحة للصحة
تعليم التعليم والتعليم للتعليم
شباب الشباب والشباب للشباب
طاقة الطاقة والطاقة
بيئة البيئة والبيئة للبيئة
تجارة التجارة والتجارة للتجارة
ثقافة الثقافة والثقافة
سياحة السياحة والسياحة
صناعة الصناعة والصناعة
زراعة الزراعة والزراعة
سلام السلام والسلام للسلام
حرب الحرب والحرب
كتاب الكتاب والكتاب
قانون القانون والقانون
محكمة المحكمة والمحكمة
وزارة الوزارة ووزارة
وزير الوزير ووزير
برنامج البرنامج والبرنامج
تقرير التقرير والتقرير
خطة الخطة والخطة
هدف الهدف والهدف
نجاح النجاح بنجاح
ندوة الندوة والندوة
منتدى المنتدى ومنتدى منتدي
عدد العدد وعدد
مشاركون المشاركون والمشاركون
مسؤولون المسؤولون والمسؤولون
معلمون المعلمون والمعلمون
مهندسين المهندسين والمهندسين
دراسات الدراسات والدراسات
علاقات العلاقات والعلاقات للعلاقات
شبكة الشبكة والشبكة للشبكة
جائحة الجائحة والجائحة
رقمية الرقمية رقميه والرقمية
أَلْمَانِيَا ألمانيا المانيا وألمانيا
الجزائر والجزائر بالجزائر
`), "\n")

func TestArabicFamilies(t *testing.T) {
	if len(arabicFamilies) < 60 {
		t.Fatalf("%d families, want 60", len(arabicFamilies))
	}
	a := NewAnalyzer()
	for _, family := range arabicFamilies {
		words := strings.Fields(family)
		for _, w := range words[1:] {
			if a.Stem(w) != a.Stem(words[0]) {
				t.Errorf("%s (%s) and %s (%s) are two terms", words[0], a.Stem(words[0]), w, a.Stem(w))
			}
		}
	}
}

func TestArabicWordsThatStayApart(t *testing.T) {
	a := NewAnalyzer()
	for _, pair := range [][2]string{
		{"علم", "عمل"},
		{"كتب", "كسب"},
		{"فقر", "فكر"},
		{"مدينة", "مدرسة"},
		{"حزام", "حزب"},
		{"طريق", "طريف"},
		{"صحة", "صحراء"},
		{"وزير", "زير"},
		{"والد", "لد"},
		{"الله", "له"},
		{"ألمانيا", "مانيا"},
		{"كلب", "لب"},
		{"بيت", "يت"},
		{"ولد", "لد"},
		{"فصل", "صل"},
	} {
		if a.Stem(pair[0]) == a.Stem(pair[1]) {
			t.Errorf("%s and %s are one term, %s", pair[0], pair[1], a.Stem(pair[0]))
		}
	}
}

// Whatever the text: spans lie in it in order, and begin and end between runes.
func TestTermsLieWhereTheySay(t *testing.T) {
	a := NewAnalyzer()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.OneOf(rapid.String(), rapid.StringMatching(`([أ-يa-zA-Z0-9٠-٩ـًٌٍَُِّْ.،؟ ]|ﷲ|ﻻ|é|😀){0,80}`)).Draw(t, "text")
		var before corpus.Span
		for _, term := range a.Words(text) {
			s := term.Span
			// One letter may spell several words (㍘ is "0点"), and words without
			// spaces between them come as overlapping pairs of letters.
			if s.Start < before.Start || s.End <= s.Start || s.End > len(text) {
				t.Fatalf("span %+v in %d bytes behind %+v", s, len(text), before)
			}
			if !utf8.RuneStart(text[s.Start]) || s.End < len(text) && !utf8.RuneStart(text[s.End]) && utf8.ValidString(text) {
				t.Fatalf("span %+v splits a rune of %q", s, text)
			}
			if term.Stem == "" || len(term.Word) > MaxWordBytes {
				t.Fatalf("term %+v of %q", term, text)
			}
			before = s
		}
	})
}

func FuzzTerms(f *testing.F) {
	a := NewAnalyzer()
	for _, s := range []string{"", "والتعاون for الفقر ٢٠٢٢", "\xff\xfe", "ـــ", "\u200f\u064b", "don't China's"} {
		f.Add(s)
	}
	e := NewEncoder(a, 10)
	f.Fuzz(func(t *testing.T, s string) {
		if n := len(a.Terms(s)); n > len(s) {
			t.Fatalf("%d terms in %d bytes", n, len(s))
		}
		sparse := e.Passage("", s)
		for i, d := range sparse.Dimensions {
			if i > 0 && d <= sparse.Dimensions[i-1] || !(sparse.Weights[i] > 0) {
				t.Fatalf("dimension %d of %v", i, sparse)
			}
		}
	})
}

// Work grows with the text and not faster. The ratio of the processor's times of
// one run, generous: sixteen times the text may take sixty times as long.
func TestHostileTextIsLinear(t *testing.T) {
	a := NewAnalyzer()
	for name, unit := range map[string]string{
		"one word": "ا", "marks": "\u064b", "tatweel": "ـ", "points": ".", "spaces": " ", "words": "والتعاون ", "ligatures": "ﷺ", "broken": "\xff",
		"daggers": "رٰ ", "one word of daggers": "رٰ", "maddas": "رءاب ",
	} {
		fastest := func(n int) time.Duration {
			text := strings.Repeat(unit, n)
			best := time.Duration(math.MaxInt64)
			for range 3 {
				start := processorTime(t)
				a.Terms(text)
				best = min(best, processorTime(t)-start)
			}
			return best
		}
		if small, large := fastest(1<<13), fastest(1<<17); large > 60*small+20*time.Millisecond {
			t.Errorf("%s: %v for 8 Ki units, %v for 128 Ki", name, small, large)
		}
	}
}

// processorTime is what this process has used.
func processorTime(t *testing.T) time.Duration {
	var used syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &used); err != nil {
		t.Fatal(err)
	}
	return time.Duration(used.Utime.Nano() + used.Stime.Nano())
}
