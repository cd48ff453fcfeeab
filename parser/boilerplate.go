package parser

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"dalil/parser/format"
)

// withoutBoilerplate removes the lines that a site puts around every article. It is
// cautious, because an article may be about cookies. A consent banner must have
// words of both kinds, be near the beginning or end of the text, and be small
// compared with it. Other lines must contain nothing else.
func withoutBoilerplate(text string) string {
	lines := strings.Split(text, "\n")
	drop := make([]bool, len(lines))
	folded := make([]string, len(lines))
	for i, line := range lines {
		folded[i] = fold(line)
	}
	dropConsent(folded, drop)
	for i := range folded {
		switch {
		case drop[i] || folded[i] == "":
		case shareBar(folded[i]), prompt(folded[i]):
			drop[i] = true
		case related(folded[i]):
			drop[i] = true
			dropList(folded, drop, i)
		}
	}
	var kept []string
	removed := 0
	for i, line := range lines {
		if drop[i] {
			removed += len(line)
			continue
		}
		kept = append(kept, line)
	}
	if removed == 0 || removed*2 > len(text) {
		return text
	}
	return format.Clean(strings.Join(kept, "\n"))
}

// fold makes spellings of one phrase equal: no harakat, one alef, small
// letters, single spaces.
func fold(line string) string {
	line = strings.Map(func(r rune) rune {
		switch {
		case unicode.IsMark(r), r == 'ـ':
			return -1
		case r == 'أ', r == 'إ', r == 'آ':
			return 'ا'
		case r == 'ى':
			return 'ي'
		}
		return unicode.ToLower(r)
	}, line)
	return strings.Join(strings.Fields(line), " ")
}

func containsAny(s string, phrases []string) bool {
	return slices.ContainsFunc(phrases, func(p string) bool { return strings.Contains(s, p) })
}

// Phrases are written here as fold returns them.
var (
	cookieWords  = []string{"ملفات تعريف الارتباط", "ملفات الارتباط", "الكوكيز", "cookie", "سياسه الخصوصيه", "سياسة الخصوصية", "privacy policy"}
	consentWords = []string{
		"فانك توافق", "فانت توافق", "توافق علي", "بالموافقه علي", "نستخدم ملفات", "يستخدم هذا الموقع", "يستخدم موقعنا", "باستمرارك في", "الاستمرار في تصفح", "استخدامنا لملفات", "من خلال متصفحك",
		"we use cookies", "uses cookies", "by continuing", "you agree", "you consent", "your consent", "accept all", "accept cookies", "our use of cookies", "manage your preferences", "cookie settings",
	}
	buttons = []string{
		"اوافق", "موافق", "قبول", "قبول الكل", "رفض", "رفض الكل", "الاعدادات", "اعدادات", "اعرف المزيد", "المزيد", "اغلاق", "حسنا",
		"accept", "accept all", "i accept", "i agree", "agree", "ok", "got it", "reject", "reject all", "decline", "settings", "cookie settings", "manage preferences", "learn more", "close",
	}
	shareWords = []string{
		"شارك", "شاركها", "شاركه", "مشاركه", "مشاركة", "غرد", "تغريده", "تغريدة", "فيسبوك", "فيس", "بوك", "تويتر", "واتساب", "واتس", "اب", "تلغرام", "تيليجرام", "تليجرام", "لينكدان", "لينكد", "ان",
		"ماسنجر", "بنترست", "طباعه", "طباعة", "نسخ", "الرابط", "عبر", "البريد", "الالكتروني", "علي", "المقال", "الخبر", "هذا", "اكس", "ايميل",
		"share", "tweet", "facebook", "twitter", "x", "whatsapp", "telegram", "linkedin", "messenger", "pinterest", "reddit", "email", "print", "copy", "link", "on", "via", "this", "article", "story",
	}
	shareCores    = []string{"شارك", "مشارك", "غرد", "تغريد", "فيسبوك", "تويتر", "واتساب", "تلغرام", "طباعه", "طباعة", "share", "tweet", "facebook", "twitter", "whatsapp", "telegram", "linkedin", "copy link"}
	relatedStarts = []string{
		"اقرا ايضا", "اقرا المزيد", "اقراوا ايضا", "اقرئي ايضا", "شاهد ايضا", "طالع ايضا", "مواضيع ذات صله", "مواضيع ذات صلة", "اخبار ذات صله", "اخبار ذات صلة", "مقالات ذات صله", "مقالات ذات صلة", "موضوعات متعلقه", "موضوعات متعلقة", "قد يهمك",
		"read also", "read more:", "also read", "related articles", "related stories", "related news", "related:", "see also:", "you may also like", "more on this story", "recommended for you",
	}
	promptStarts = []string{
		"اشترك في النشره", "اشترك في النشرة", "اشترك في نشرتنا", "اشترك الان", "تابعنا علي", "تابعونا علي", "للاشتراك في النشره", "انضم الي قناتنا",
		"subscribe to our newsletter", "sign up for our newsletter", "sign up to our newsletter", "sign up for the newsletter", "follow us on", "get our newsletter",
	}
)

// Sizes of what is a banner and not an article, in runes of a line and in
// lines from an end of the text.
const (
	maxConsent = 700
	maxHeading = 80
	maxPrompt  = 160
	nearAnEnd  = 8
)

func runes(s string) int { return utf8.RuneCountInString(s) }

// dropConsent marks consent banners with their headings and buttons.
func dropConsent(lines []string, drop []bool) {
	for i, line := range lines {
		near := i < nearAnEnd || i >= len(lines)-nearAnEnd
		if !near || runes(line) > maxConsent || !containsAny(line, cookieWords) || !containsAny(line, consentWords) {
			continue
		}
		drop[i] = true
		if j := neighbour(lines, i, -1); j >= 0 && runes(lines[j]) <= maxHeading && containsAny(lines[j], cookieWords) {
			drop[j] = true
		}
		for j := neighbour(lines, i, +1); j >= 0 && slices.Contains(buttons, strings.Trim(lines[j], " .!×x")); j = neighbour(lines, j, +1) {
			drop[j] = true
		}
	}
}

// neighbour is the next line that is not blank, -1 where there is none.
func neighbour(lines []string, i, step int) int {
	for i += step; i >= 0 && i < len(lines); i += step {
		if lines[i] != "" {
			return i
		}
	}
	return -1
}

// shareBar reports a line that holds nothing but the names of networks and
// what to do with them.
func shareBar(line string) bool {
	if runes(line) > maxHeading || !containsAny(line, shareCores) {
		return false
	}
	words := strings.FieldsFunc(line, func(r rune) bool { return !unicode.IsLetter(r) })
	if len(words) == 0 {
		return false
	}
	return !slices.ContainsFunc(words, func(w string) bool { return !slices.Contains(shareWords, w) })
}

func startsWith(line string, starts []string) bool {
	line = strings.TrimLeft(line, "-–•*▪◄►» \u200f\u200e")
	return slices.ContainsFunc(starts, func(s string) bool { return strings.HasPrefix(line, s) })
}

func prompt(line string) bool { return runes(line) <= maxPrompt && startsWith(line, promptStarts) }

func related(line string) bool { return runes(line) <= maxPrompt && startsWith(line, relatedStarts) }

// dropList marks the headlines under a "read also" that is a line of its own.
func dropList(lines []string, drop []bool, i int) {
	if runes(lines[i]) > 40 {
		return // the headline is in the same line
	}
	for n, j := 0, neighbour(lines, i, +1); j >= 0 && n < 6; n, j = n+1, neighbour(lines, j, +1) {
		last, _ := utf8.DecodeLastRuneInString(lines[j])
		if runes(lines[j]) > 140 || strings.ContainsRune(".؟?!:؛", last) {
			return
		}
		drop[j] = true
	}
}
