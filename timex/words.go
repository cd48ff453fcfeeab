package timex

import "strings"

// The words are folded as tokens are.

// set returns the words of a list.
func set(list string) map[string]bool {
	words := map[string]bool{}
	for _, w := range strings.Fields(list) {
		words[w] = true
	}
	return words
}

// numbered gives the words of each line the number of the line, from first.
func numbered(first int, lines ...string) map[string]int {
	numbers := map[string]int{}
	for i, line := range lines {
		for _, w := range strings.Fields(line) {
			numbers[w] = first + i
		}
	}
	return numbers
}

var (
	// introducing are words behind which a bare year or month is a time.
	introducing = set("in during throughout on for within في وفي خلال اثناء طوال وخلال")
	articles    = set("the all")
	// yearWords stand before a year.
	yearWords = set("year عام سنه العام السنه لعام لسنه للعام بعام وعام وسنه")
	// joining stand between a month and its year.
	joining = set("of in من عام سنه لعام لسنه العام السنه")
	// eras stand behind a year.
	eras = set("ad ce م ميلادي ميلاديه للميلاد")
	// hijri stand behind the year of another calendar.
	hijri = set("ه هـ هجري هجريه للهجره ah bc bce ق")
	// topics are nouns that a year names, with a word for the year between them.
	topics = set("حرب ازمه ثوره انقلاب اتفاقيه اتفاق معاهده قمه دستور مؤتمر موتمر بطوله كاس رؤيه رويه خطه اجنده قانون قرار نكسه نكبه زلزال بحلول حلول war crisis revolution treaty summit agenda vision")
	// counted are nouns behind a number that is not a year.
	counted = set(`people persons dollars euros pounds calories km kilometers kilometres meters metres miles tons tonnes soldiers deaths cases
		students workers jobs words pages votes kg mg mm percent times degrees feet شخص شخصا دولار دولارا يورو كيلومتر كيلومترا متر مترا طن طنا حاله جندي كلمه صفحه نسمه بالمئه درجه`)

	betweens = set("between بين وبين")
	pairs    = set("عامي سنتي شهري years الاعوام السنوات months")
	ands     = set("and to و الي حتي")
	froms    = set("from من")
	tos      = set("to until till through الي حتي لغايه")
	nows     = set("now today present الان اليوم")
	sinces   = set("since منذ ومنذ مذ")
	afters   = set("after بعد")
	befores  = set("before قبل")
	untils   = set("until till حتي")
	onwards  = set("on onward onwards فصاعدا")

	lasts     = set("last previous")
	pasts     = set("past last")
	currents  = set("this current هذا هذه")
	gone      = set("الماضي الماضيه المنصرم المنصرمه الفائت الفائته السابق السابقه الماضيين الماضيتين")
	recent    = set("الاخير الاخيره الماضي الماضيه المنصرمه الفائته السابقه الاخيرين الماضيين الماضيتين الاخيرتين")
	ongoing   = set("الحالي الحاليه الجاري الجاريه الراهن")
	yesterday = set("yesterday امس البارحه بالامس وامس")
	uncertain = set("اب ماي جوان اوت") // months that are also other words
)

// months have the names of English, Egypt, the Levant, the Maghreb and Morocco. Names of
// two words are in twoWordMonths.
var months = numbered(1,
	"january jan يناير جانفي ويناير", "february feb فبراير شباط فيفري", "march mar مارس اذار", "april apr ابريل نيسان افريل",
	"may مايو ايار ماي", "june jun يونيو يونيه حزيران جوان", "july jul يوليو يوليه تموز جويليه يوليوز", "august aug اغسطس اب اوت غشت",
	"september sep sept سبتمبر ايلول شتنبر", "october oct اكتوبر", "november nov نوفمبر نونبر", "december dec ديسمبر دجنبر",
)

var twoWordMonths = map[string]int{"كانون الثاني": 1, "تشرين الاول": 10, "تشرين الثاني": 11, "كانون الاول": 12}

// short are names of months that need a year.
var short = set("jan feb mar apr jun jul aug sep sept oct nov dec")

var numbers = numbered(1,
	"one a an", "two", "three ثلاثه ثلاث", "four اربعه اربع", "five خمسه خمس", "six سته ست", "seven سبعه سبع", "eight ثمانيه ثماني ثمان", "nine تسعه تسع",
	"ten عشره عشر", "eleven", "twelve",
)

var tens = map[string]int{"twenty": 20, "thirty": 30, "عشرين": 20, "ثلاثين": 30, "خمسين": 50, "fifty": 50, "مئه": 100, "مائه": 100}

// ordinals are those of quarters and halves.
var ordinals = numbered(1, "first الاول الاولي 1st", "second الثاني الثانيه 2nd", "third الثالث الثالثه 3rd", "fourth الرابع الرابعه 4th")

var decades = map[string]int{
	"twenties": 1920, "thirties": 1930, "forties": 1940, "fifties": 1950, "sixties": 1960, "seventies": 1970, "eighties": 1980, "nineties": 1990,
	"عشرينيات": 1920, "ثلاثينيات": 1930, "اربعينيات": 1940, "خمسينيات": 1950, "ستينيات": 1960, "سبعينيات": 1970, "ثمانينيات": 1980, "تسعينيات": 1990,
	"خمسينات": 1950, "ستينات": 1960, "سبعينات": 1970, "ثمانينات": 1980, "تسعينات": 1990,
}

var weekdays = numbered(0,
	"sunday الاحد", "monday الاثنين الإثنين", "tuesday الثلاثاء", "wednesday الاربعاء", "thursday الخميس", "friday الجمعه", "saturday السبت",
)

// parts are words for a part of a year, a decade or a month.
var parts = map[string]int{
	"early": 0, "beginning": 0, "start": 0, "اوائل": 0, "مطلع": 0, "بدايه": 0, "بدايات": 0,
	"mid": 1, "middle": 1, "منتصف": 1, "اواسط": 1,
	"late": 2, "end": 2, "اواخر": 2, "نهايه": 2,
}
