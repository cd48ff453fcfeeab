package lexical

import "testing"

// TestWordsThatAnalyzersLose asks for words that a plain tokenizer cuts, drops
// or mixes up: the first passage must stand above the second, which holds what
// is left of the word when it is cut.
func TestWordsThatAnalyzersLose(t *testing.T) {
	for _, c := range []struct{ question, right, wrong string }{
		{"AT&T", "The merger of AT&T was approved.", "At the end there was a T."},
		{"R&D", "Spending on R&D rose.", "He met R and D there."},
		{"Q&A", "A Q&A session followed.", "A session followed."},
		{"C++", "They wrote it in C++ last year.", "They wrote it in C last year."},
		{"C#", "The course teaches C# first.", "The course teaches C++ first."},
		{".NET", "The team uses .NET here.", "The team uses a net here."},
		{"G20", "The G20 met in Hangzhou.", "Twenty leaders met."},
		{"5G", "A 5G network was built.", "A network of five was built."},
		{"U.S.", "The USA and China signed.", "They told us and signed."},
		{"USA", "The U.S. government signed.", "The government signed."},
		{"US economy", "The US economy grew.", "The economy grew for us."},
		{"WHO", "The WHO declared it.", "Nobody asked who declared it."},
		{"vitamin C", "Oranges hold vitamin C.", "Oranges hold vitamin D."},
		{"vitamin A", "Carrots hold vitamin A in them.", "Carrots hold a vitamin in them."},
		{"فيتامين د", "في السمك فيتامين د بكثرة", "في السمك فيتامين ج بكثرة"},
		{"to be or not to be", "To be or not to be, said Hamlet.", "Hamlet died."},
		{"و/أو", "يدفع المشتري و/أو البائع", "المشتري دفع ثمنه"},
		{"email", "Send an e-mail now.", "Send a letter now."},
		{"e-mail", "Send an email now.", "Send a letter now."},
		{"co-operation", "Their cooperation grew.", "Their operation grew."},
		{"bus", "All buses stopped.", "All cars stopped."},
		{"buses", "The bus stopped.", "The car stopped."},
		{"goose", "Two geese flew.", "Two ducks flew."},
		{"Abbé", "Il a vu l'Abbé Pierre.", "Il a vu Pierre."},
		{"l'Abbé", "He met Abbé Pierre.", "He met Pierre."},
		{"O'Neill", "He met O'Neill there.", "He met Neil there."},
		{"volcanic", "The volcano slept.", "The mountain slept."},
		{"20 %", "Twenty percent agreed.", "Thirty percent agreed."},
		{"twenty percent", "A share of 20% agreed.", "A share of 30% agreed."},
		{"20%", "وافق عشرون في المئة", "وافق ثلاثون في المئة"},
		{"عشرين في المئة", "Some 20 percent agreed.", "Some 30 percent agreed."},
		{"12500", "بلغ العدد ١٢،٥٠٠ نسمة", "بلغ العدد ١٢ نسمة"},
		{"١٢٬٥٠٠", "There were 12,500 people.", "There were 12 people."},
		{"العالمين", "ٱلْحَمْدُ لِلَّهِ رَبِّ ٱلْعَـٰلَمِينَ", "رفع القائد العلمين"},
		{"الصالحات", "وَعَمِلُوا۟ ٱلصَّـٰلِحَـٰتِ", "عملوا في الأرض"},
		{"الرحمن", "بِسْمِ ٱللَّهِ ٱلرَّحْمَـٰنِ ٱلرَّحِيمِ", "باسم الملك الرحيم"},
		{"الصلاة", "أَقِيمُوا۟ ٱلصَّلَوٰةَ", "أقيموا الحفل"},
		{"القرآن", "إِنَّ هَـٰذَا ٱلْقُرْءَانَ يَهْدِى", "إن هذا الكتاب يهدي"},
		{"إبراهيم", "مِلَّةَ إِبْرَٰهِيمَ حَنِيفًا", "ملة قومه حنيفا"},
		{"صلى الله عليه وسلم", "قال النبي ﷺ لأصحابه", "قال الملك لأصحابه"},
		{"الله", "حمد ﷲ كثيرا", "حمد ربه كثيرا"},
		{"والي", "كان والي المدينة عادلا", "ليالي المدينة طويلة"},
	} {
		scores := rank(t, c.right, c.wrong, "Nothing to see.", "لا شيء هنا أبدا").scores(c.question)
		if scores[0] <= scores[1] || scores[0] == 0 {
			t.Errorf("%s: %.2f for %q, %.2f for %q", c.question, scores[0], c.right, scores[1], c.wrong)
		}
	}
}

// TestClassicalSpellingKeepsItsOwnReading says that the letters as they stand
// are found too.
func TestClassicalSpellingKeepsItsOwnReading(t *testing.T) {
	scores := rank(t, "رَبِّ ٱلْعَـٰلَمِينَ", "رب البيت").scores("العلمين")
	if scores[0] <= scores[1] {
		t.Errorf("العلمين: %v", scores)
	}
}
