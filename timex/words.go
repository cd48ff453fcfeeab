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
	topics = set("حرب ازمه ثوره انقلاب اتفاقيه اتفاق معاهده قمه دستور مؤتمر موتمر بطوله كاس رؤيه رويه خطه اجنده قانون قرار شخصيه لاعب نكسه نكبه زلزال بحلول حلول war crisis revolution treaty summit agenda vision")
	// counted are nouns behind a number that is not a year.
	counted = set(`people persons dollars euros pounds calories km kilometers kilometres meters metres miles tons tonnes soldiers deaths cases
		students workers jobs words pages votes kg mg mm percent times degrees feet شخص شخصا دولار دولارا يورو كيلومتر كيلومترا متر مترا طن طنا حاله جندي كلمه صفحه نسمه بالمئه درجه`)

	betweens = set("between بين وبين")
	pairs    = set("عامي سنتي شهري years الاعوام السنوات months")
	// yearPairs stand before a list of years.
	yearPairs = set("عامي سنتي الاعوام السنوات years")
	ands      = set("and to و الي حتي")
	froms     = set("from من")
	tos       = set("to until till through الي حتي لغايه")
	nows      = set("now today present الان اليوم")
	sinces    = set("since منذ ومنذ مذ")
	afters    = set("after بعد")
	befores   = set("before قبل")
	untils    = set("until till حتي")
	dayWord   = set("يوم")
	article   = set("ال")
	around    = set("نحو حوالي قرابه زهاء")
	onwards   = set("on onward onwards فصاعدا")

	lasts     = set("last previous")
	pasts     = set("past last")
	currents  = set("this current هذا هذه")
	gone      = set("الماضي الماضيه المنصرم المنصرمه الفائت الفائته السابق السابقه")
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
	"ten عشره عشر", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)

// compoundOnes are Arabic words for 1 and 2 inside of other numbers.
var compoundOnes = numbered(1, "احد احدي واحد واحده", "اثنا اثني اثنتا اثنتي اثنان اثنين اثنتان اثنتين")

var tens = map[string]int{
	"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
	"عشرين": 20, "ثلاثين": 30, "اربعين": 40, "خمسين": 50, "ستين": 60, "سبعين": 70, "ثمانين": 80, "تسعين": 90,
	"عشرون": 20, "ثلاثون": 30, "اربعون": 40, "خمسون": 50, "ستون": 60, "سبعون": 70, "ثمانون": 80, "تسعون": 90,
	"مئه": 100, "مائه": 100, "مئتي": 200, "مائتي": 200,
}

var (
	// large are words for larger numbers, which are not counted.
	large = set("hundred thousand million billion dozen score hundreds thousands")
	// limits stand before an amount that is only a bound.
	limits    = set("than over under least most beyond")
	fractions = set("half quarter quarters third thirds part fraction couple")
	rests     = set("نصف نصفا ربع ربعا ثلث نيف بضعه بضع")
	joints    = set("and or to through till until و او الي حتي")
	vague     = set("more so fewer less even")
)

// shares are words for the equal parts of a year, with their number.
var shares = map[string]int{"quarter": 4, "quarters": 4, "half": 2, "الربع": 4, "الربعين": 4, "النصف": 2, "الثلث": 3}

// ordinals are those of quarters and halves.
var ordinals = numbered(1, "first الاول الاولي 1st", "second الثاني الثانيه 2nd", "third الثالث الثالثه 3rd", "fourth الرابع الرابعه 4th")

// particles are words that may stand behind a bare year, month, day of the week or Arabic
// unit of time, since they are never counted.
var particles = set(`and or to in at on for by the a an was were is are did do does has had have will would could can should about as when with without
	after before from during but compared than that which who whom whose how what why where because due amid since until till while despite following
	across among between under against through into if it its he she they we i you his her their our this these those there not also alone only so vs versus
	في عن الي مع بين حول بشان بسبب عند بعد قبل خلال حتي منذ ان انه التي الذي الذين كان كانت هل ماذا كيف لماذا متي ما هو هي او ام ثم لكن حيث عندما حين
	حينما كما و وفي ومن وعن وعلي وما وكيف ولماذا وماذا لدي ضد وفق وفقا حسب بحسب تقريبا فقط بالضبط مقارنه`)

// negations take back the expression behind them. "By" makes it a bound.
var negations = set("not except excluding nor without unlike never by ليس ليست وليس لا ولا عدا ماعدا باستثناء دون بدون سوي غير بخلاف بحلول")

// titles are nouns that make an expression before them a name.
var titles = set("show host programme program magazine newspaper channel fm tv podcast song film movie album band tonight")

// media are nouns before the name of a paper or a channel, mastheads such names.
var (
	media     = set("صحيفه جريده قناه مجله موقع وكاله شبكه لصحيفه لجريده لقناه بصحيفه newspaper magazine")
	mastheads = set("المصري روسيا usa russia india psychology history christianity physics")
)

// needOf are parts that a bare month follows only with "of".
var needOf = set("beginning start middle end")

// wholeDays are words before "اليوم" that make it "the day".
var wholeDays = set("في هذا ذلك نفس ذات طوال كل منتصف ساعات خلال طيله مدار عالم شباب جيل طبق")

// measures are words near the tens of an age, a temperature or a score.
var measures = set(`temperature temperatures degrees degree fahrenheit celsius highs lows score scores scored age ages aged percent percentile percentiles latitude latitudes
	حراره الحراره درجات درجه العمر عمره عمرها عمرهم الفهرنهايت`)

// possessives make the tens behind them an age.
var possessives = set("his her their my your our its")

// persons are Arabic nouns before "في" and the tens of an age.
var persons = set("رجل امراه شاب شابه سيده فتاه مسن مسنه عجوز رجلا شابا")

// nameMonths are months that are names of people or of other things too.
var nameMonths = set("march april may june august")

// awards are what "of the year" stands behind, where the year belongs to the name.
var awards = set("man woman person player car word book team game coach athlete photo")

// changes are verbs of an amount that goes from one number to another.
var changes = set(`rose fell grew increased decreased dropped climbed up down rise increase grow rises ارتفع ارتفعت انخفض انخفضت زاد زادت تراجع تراجعت`)

// comings say that a date is one to come.
var comings = set("next coming upcoming المقبل المقبله القادم القادمه")

// dayParts stand behind a day of the week.
var dayParts = set("morning afternoon evening night")

// beginnings are other first words of expressions.
var beginnings = set("كانون تشرين عام سنه اخر اول اليوم شهر")

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
