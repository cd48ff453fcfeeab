package lexical

import "strings"

// pattern is a broken plural and its singular; digits are the letters of
// the root. Words are normalised: hamza carriers are bare, ئ is ي, ة is ه.
type pattern struct{ singular, plural string }

// way is one direction of a pattern.
type way struct {
	from, to []rune
	bare     bool // from has neither ا nor و
}

// waysOf returns both directions of all patterns, by the number of letters of the first one.
func waysOf(patterns []pattern) (ways [maxPattern + 1][]way) {
	for _, p := range patterns {
		for _, w := range [][2]string{{p.singular, p.plural}, {p.plural, p.singular}} {
			from := []rune(w[0])
			ways[len(from)] = append(ways[len(from)], way{from, []rune(w[1]), !strings.ContainsAny(w[0], "او")})
		}
	}
	return ways
}

// maxPattern is the largest number of letters of a pattern.
const maxPattern = 6

// pluralPatterns are the frequent ones (Wright, "A Grammar of the Arabic
// Language", I, 304-305).
var pluralPatterns = []pattern{
	{"12", "12و2"},      // سد سدود
	{"12", "ا12ا2"},     // سر أسرار
	{"12", "12ا2"},      // ظل ظلال
	{"123", "ا12ا3"},    // قلم أقلام
	{"123", "12و3"},     // حرب حروب
	{"123", "12ا3"},     // جبل جبال
	{"1ا2", "ا1وا2"},    // باب أبواب
	{"1ا2", "1ي2ان"},    // نار نيران
	{"123ه", "123"},     // غرفة غرف
	{"1ا2", "12اه"},     // قاض قضاة
	{"1ا2ي", "12اه"},    // القاضي القضاة
	{"12ي3", "123اء"},   // وزير وزراء
	{"12ي3", "ا123اء"},  // صديق أصدقاء
	{"12ي3", "12ا3"},    // كبير كبار
	{"12ي3", "123"},     // طريق طرق
	{"12ي3", "ا123ه"},   // رغيف أرغفة
	{"12ا3", "123"},     // كتاب كتب
	{"12ا3", "ا123ه"},   // سلاح أسلحة
	{"12و3", "123"},     // رسول رسل
	{"12و3", "ا123ه"},   // عمود أعمدة
	{"1ا23", "12ا3"},    // عامل عمال
	{"1ا23", "1وا23"},   // شارع شوارع
	{"1ا23ه", "1وا23"},  // قاعدة قواعد
	{"1ا23", "123ه"},    // كاتب كتبة
	{"12ي3ه", "12اي3"},  // جزيرة جزائر
	{"12ي3ه", "123"},    // سفينة سفن
	{"12اء", "ا12يه"},   // غذاء أغذية
	{"12ا3ه", "12اي3"},  // رسالة رسائل
	{"1234", "12ا34"},   // مكتب مكاتب
	{"1234ه", "12ا34"},  // مدرسة مدارس
	{"123ي4", "12ا3ي4"}, // تقرير تقارير
	{"123و4", "12ا3ي4"}, // مشروع مشاريع
	{"123ا4", "12ا3ي4"}, // مفتاح مفاتيح
	{"1ا2و3", "1وا2ي3"}, // قانون قوانين
	{"1ا2ي3", "1وا2ي3"}, // تاريخ تواريخ
}
