package parser_test

import (
	"testing"
)

// The script and its letters decide; where several languages remain, common words
// do; in doubt no language is better than a wrong one.
func TestMoreLanguages(t *testing.T) {
	for _, test := range []struct{ want, text string }{
		{"ar", "افتتحت البلدیة سوق السمک الجدید قرب المیناء وقال رئیسها إن الدخول مجانی"},
		{"ar", "هذا الکتاب فی المکتبة"},
		{"ar", "وين رايح اليوم يا خوي، السوق مسكر من الصبح"},
		{"fa", "این کتاب در مورد تاریخ شهر است و برای دانشجویان نوشته شده است"},
		{"fa", "کودکان در پارک بازی می\u200cکنند و مادران با هم گفتگو دارند"},
		{"ckb", "شارەوانی دوێنێ پارکێکی نوێی لە قەراغ ڕووبارەکە کردەوە و هاتنە ژوورەوە بێ بەرامبەرە"},
		{"ps", "ښاروالۍ پرون د سیند پر غاړه نوی پارک پرانیست او ننوتل یې وړیا دي"},
		{"ug", "شەھەرلىك ھۆكۈمەت تۈنۈگۈن دەريا بويىدا يېڭى باغچا ئاچتى ۋە كىرىش ھەقسىز"},
		{"ur", "بلدیہ نے کل دریا کے کنارے ایک نیا باغ کھولا اور داخلہ مفت ہے"},
		{"sv", "Staden öppnade igår en ny trädgård vid floden och inträdet är gratis för alla som vill komma."},
		{"da", "Byen åbnede i går en ny have ved floden, og adgangen er gratis for alle, der har lyst til at komme; det blev en stor dag efter tre år."},
		{"ro", "Orașul a deschis ieri o grădină nouă lângă râu, iar intrarea este gratuită pentru toți locuitorii."},
		{"bg", "Градът откри вчера нова градина край реката и входът за нея е безплатен за всички, които искат да дойдат."},
		{"ru", "Город вчера открыл новый сад у реки, и вход в него бесплатный для всех."},
		{"uk", "Місто вчора відкрило новий сад біля річки, і вхід до нього безкоштовний."},
		{"sw", "Mji ulifungua bustani mpya jana kando ya mto na kuingia ni bure kwa watu wote wa nchi hii."},
		{"pl", "Miasto otworzyło wczoraj nowy ogród nad rzeką, a wstęp jest bezpłatny dla wszystkich, którzy chcą przyjść."},
		{"nl", "De stad opende gisteren een nieuwe tuin aan de rivier en de toegang is gratis voor iedereen die wil komen."},
		{"it", "La città ha aperto ieri un nuovo giardino vicino al fiume e l'ingresso è gratuito per tutti."},
		{"pt", "A cidade abriu ontem um novo jardim junto ao rio e a entrada não é paga para os moradores."},
		{"id", "Kota itu membuka taman baru di tepi sungai kemarin dan pengunjung tidak perlu membayar untuk masuk."},
		{"tr", "Şehir dün nehir kenarında yeni bir bahçe açtı ve giriş herkes için ücretsiz olarak yapılıyor."},
		{"en", "Forty boats had come home before the storm reached the wall."},
		{"", "marhaban ya sadiqi, kayfa haluka al-yawm? ana fi al-bayt wa la urid an akhruj"},
		{"", "mar7aba ya 7abibi, kifak el yom? 3am b7ki ma3 el shabeb"},
		{"", "Forty lorem zzz qqq."},
		{"hi", "शहर ने कल नदी के किनारे एक नया बगीचा खोला और प्रवेश निःशुल्क है"},
		{"he", "העיר פתחה אתמול גן חדש ליד הנהר והכניסה חינם"},
	} {
		if got := parse(t, "text/plain", test.text).Language; got != test.want {
			t.Errorf("got the language %q of %q, want %q", got, test.text, test.want)
		}
	}
}

func TestScriptOverrulesTheDeclaredLanguage(t *testing.T) {
	const arabic, english = "افتتحت البلدية سوق السمك الجديد قرب الميناء", "The town opened a new market near the port after three years."
	for _, test := range []struct{ body, want string }{
		{`<html lang="en"><p>` + arabic, "ar"},
		{`<html lang="ar"><p>` + english, "en"},
		{`<html lang="ar-Latn"><p>` + english, "ar"},
		{`<html lang="fr"><p>` + english, "fr"}, // of one script: the page knows better
		{`<html lang="ar"><p>` + arabic + " " + english + " " + english, "ar"},
		{`<html lang="en"><p>سوق`, "en"}, // too little to contradict
	} {
		if got := parse(t, "text/html", test.body).Language; got != test.want {
			t.Errorf("%s: got %q, want %q", test.body, got, test.want)
		}
	}
	checkWarnings(t, warnings(t, "text/html", `<html lang="en"><p>`+arabic), "language")
}
