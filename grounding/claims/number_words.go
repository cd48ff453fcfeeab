package claims

// Names of the months, of January or Muharram on, in all spellings that are common.
var months = [...][]string{
	{"january", "jan", "يناير", "كانون الثاني", "جانفي"},
	{"february", "feb", "فبراير", "شباط", "فيفري"},
	{"march", "مارس", "آذار"},
	{"april", "apr", "أبريل", "إبريل", "نيسان", "أفريل"},
	{"may", "مايو", "أيار", "ماي"},
	{"june", "يونيو", "يونيه", "حزيران", "جوان"},
	{"july", "يوليو", "يوليه", "تموز", "جويلية"},
	{"august", "aug", "أغسطس", "آب", "أوت"},
	{"september", "sept", "سبتمبر", "أيلول"},
	{"october", "oct", "أكتوبر", "تشرين الأول"},
	{"november", "nov", "نوفمبر", "تشرين الثاني"},
	{"december", "dec", "ديسمبر", "كانون الأول"},
}

var hijriMonths = [...][]string{
	{"muharram", "محرم"},
	{"safar", "صفر"},
	{"rabi i", "ربيع الأول"},
	{"rabi ii", "ربيع الآخر", "ربيع الثاني"},
	{"jumada i", "جمادى الأولى"},
	{"jumada ii", "جمادى الآخرة", "جمادى الثانية"},
	{"rajab", "رجب"},
	{"shaban", "sha ban", "شعبان"},
	{"ramadan", "رمضان"},
	{"shawwal", "shawwāl", "شوال"},
	{"dhu al qadah", "ذو القعدة", "ذي القعدة"},
	{"dhu al hijjah", "ذو الحجة", "ذي الحجة"},
}

// ambiguous are months that are also other words: they need a number beside them.
var ambiguous = []string{"may", "march", "jan", "مارس", "آب", "ماي", "جوان", "صفر", "رجب", "شعبان", "محرم"}

var cardinals = map[string]float64{
	"three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14,
	"fifteen": 15, "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60,
	"seventy": 70, "eighty": 80, "ninety": 90, "one": 1, "two": 2, "dozen": 12,
	"واحد": 1, "واحدة": 1, "إحدى": 1, "أحد": 1, "اثنان": 2, "اثنين": 2, "اثنا": 2, "اثني": 2, "اثنتا": 2, "اثنتي": 2, "اثنتان": 2, "اثنتين": 2,
	"ثلاث": 3, "ثلاثة": 3, "أربع": 4, "أربعة": 4, "خمس": 5, "خمسة": 5, "ست": 6, "ستة": 6, "سبع": 7, "سبعة": 7, "ثمان": 8, "ثماني": 8, "ثمانية": 8, "تسع": 9, "تسعة": 9,
	"عشر": 10, "عشرة": 10, "عشرون": 20, "عشرين": 20, "ثلاثون": 30, "ثلاثين": 30, "أربعون": 40, "أربعين": 40, "خمسون": 50, "خمسين": 50, "ستون": 60, "ستين": 60,
	"سبعون": 70, "سبعين": 70, "ثمانون": 80, "ثمانين": 80, "تسعون": 90, "تسعين": 90, "مئة": 100, "مائة": 100, "مئتان": 200, "مئتين": 200, "مائتان": 200, "مائتين": 200,
	"ثلاثمئة": 300, "ثلاثمائة": 300, "أربعمئة": 400, "أربعمائة": 400, "خمسمئة": 500, "خمسمائة": 500, "ستمئة": 600, "ستمائة": 600, "سبعمئة": 700, "سبعمائة": 700,
	"ثمانمئة": 800, "ثمانمائة": 800, "تسعمئة": 900, "تسعمائة": 900, "ألفان": 2000, "ألفين": 2000, "مليونان": 2e6, "مليوني": 2e6, "مليونين": 2e6, "ملياري": 2e9, "مليارين": 2e9, "ألفي": 2000, "مائتا": 200, "مائتي": 200,
}

var scales = map[string]float64{
	"hundred": 100, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "hundreds": 100, "thousands": 1e3, "millions": 1e6, "billions": 1e9,
	"m": 1e6, "mn": 1e6, "bn": 1e9, "k": 1e3, "tn": 1e12, "ألف": 1e3, "آلاف": 1e3, "ألفا": 1e3, "مليون": 1e6, "ملايين": 1e6, "مليونا": 1e6,
	"مليار": 1e9, "مليارات": 1e9, "مليارا": 1e9, "بليون": 1e9, "تريليون": 1e12, "تريليونات": 1e12,
}

// places are the words for a place in an order.
var places = map[string]float64{
	"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "eleventh": 11, "twelfth": 12,
	"thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16, "seventeenth": 17, "eighteenth": 18, "nineteenth": 19,
	"twentieth": 20, "thirtieth": 30, "fortieth": 40, "fiftieth": 50, "sixtieth": 60, "seventieth": 70, "eightieth": 80, "ninetieth": 90, "hundredth": 100,
	"الأول": 1, "الأولى": 1, "الثاني": 2, "الثانية": 2, "الثالث": 3, "الثالثة": 3, "الرابع": 4, "الرابعة": 4, "الخامس": 5, "الخامسة": 5, "السادس": 6, "السادسة": 6,
	"السابع": 7, "السابعة": 7, "الثامن": 8, "الثامنة": 8, "التاسع": 9, "التاسعة": 9, "العاشر": 10, "العاشرة": 10,
	"أول": 1, "أولى": 1, "ثاني": 2, "ثالث": 3, "رابع": 4, "خامس": 5, "سادس": 6, "سابع": 7, "ثامن": 8, "تاسع": 9, "عاشر": 10,
}

// parts are words that have a number in them: parts, multiples and spans of time, and the one of eleventh.
var parts = map[string]float64{
	"once": 1, "triple": 3, "tripled": 3, "thrice": 3, "threefold": 3, "quadruple": 4, "fourfold": 4, "fivefold": 5, "tenfold": 10, "half": .5, "quarter": .25, "double": 2, "twice": 2, "both": 2, "pair": 2, "decade": 10, "century": 100,
	"نصف": .5, "ربع": .25, "ثلث": 1. / 3, "عقد": 10, "قرن": 100, "الحادي": 1, "الحادية": 1,
}

// duals are words for two of a thing. They confirm a 2.
var duals = []string{
	"عامان", "عامين", "سنتان", "سنتين", "شهران", "شهرين", "أسبوعان", "أسبوعين", "يومان", "يومين", "ساعتان", "ساعتين", "دقيقتان", "دقيقتين", "ثانيتان", "ثانيتين",
	"قرنان", "قرنين", "عقدان", "عقدين", "مرتان", "مرتين", "درجتان", "درجتين", "متران", "مترين", "ميلان", "ميلين", "طنان", "طنين", "ضعفان", "ضعفين", "كيلومتران", "كيلومترين",
	"شخصان", "شخصين", "رجلان", "رجلين", "امرأتان", "امرأتين", "دولتان", "دولتين", "بلدان", "بلدين", "نقطتان", "نقطتين", "هدفان", "هدفين", "جزأين", "نوعان", "نوعين",
}

// percents are words for a hundredth that contain the word for a hundred.
var percents = []string{"المئة", "المائة", "بالمئة", "بالمائة"}

// spans of years that are no part of a number beside them: القرن الخامس.
var years = []string{"century", "decade", "قرن", "عقد", "القرن", "العقد"}

// roman are Roman numerals in capitals. They confirm the number.
var roman = map[string]float64{
	"I": 1, "II": 2, "III": 3, "IV": 4, "V": 5, "VI": 6, "VII": 7, "VIII": 8, "IX": 9, "X": 10, "XI": 11, "XII": 12, "XIII": 13, "XIV": 14, "XV": 15, "XVI": 16,
}
