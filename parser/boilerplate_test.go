package parser_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"dalil/corpus"
	"dalil/parser"
)

// parse reads a body that must be readable.
func parse(t *testing.T, mediaType, body string) corpus.Document {
	t.Helper()
	d, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{MediaType: mediaType, Body: []byte(body)})
	if err != nil {
		t.Fatalf("Parse: %v", err)
	}
	return d.Document
}

// The seeds are what a crawler left of five pages; one of them carries a
// consent banner. Nothing else may be lost.
func TestSeeds(t *testing.T) {
	files, err := filepath.Glob("../seeds/*.txt")
	if err != nil || len(files) != 5 {
		t.Fatalf("got %d seeds (%v), want 5", len(files), err)
	}
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		raw := corpus.Raw{Document: corpus.Document{Source: file}, Body: body}
		whole, err := parser.New(parser.Options{KeepBoilerplate: true}).Parse(t.Context(), raw)
		if err != nil {
			t.Fatal(err)
		}
		result, err := parser.New(parser.Options{}).Parse(t.Context(), raw)
		if err != nil {
			t.Fatal(err)
		}
		got := result.Document
		want := whole.Document.Text
		if strings.HasPrefix(filepath.Base(file), "003_") {
			article, _, found := strings.Cut(whole.Document.Text, "\n\nبيان الخصوصية")
			if !found {
				t.Fatal("the seed carries no banner")
			}
			want = article
			if got.Title != "انعقاد الدورة الثالثة لمنتدى المدن العربية والصينية تحت عنوان \"التعاون الرقمي بين المدن الصينية والعربية\"" {
				t.Errorf("%s: got the title %q", file, got.Title)
			}
		}
		if diff := cmp.Diff(want, got.Text); diff != "" {
			t.Errorf("%s (-want +got):\n%s", file, diff)
		}
		if got.Language != "ar" {
			t.Errorf("%s: got the language %q, want ar", file, got.Language)
		}
	}
}

// story is long enough that no banner is half of it.
const story = `افتتحت بلدية المدينة القديمة أمس حديقة عامة على ضفة النهر، بعد أعمال دامت ثلاث سنوات.

وقال رئيس البلدية إن الحديقة تضم ملعبا للأطفال ومكتبة صغيرة ومئتي شجرة زيتون، وإن الدخول إليها مجاني طوال أيام الأسبوع.

ورحب السكان بالمشروع، وطالب بعضهم بزيادة مواقف الدراجات قرب المدخل الشمالي.`

const englishStory = `The town opened a new garden by the river yesterday, after three years of work.

The mayor said that it holds a playground, a small library and two hundred olive trees, and that entry is free on every day of the week.

Neighbours welcomed the garden. Some asked for more room for bicycles near the northern gate.`

func TestBoilerplateIsTakenOut(t *testing.T) {
	for _, test := range []struct{ name, before, after string }{
		{"an Arabic banner", "", "نستخدم ملفات تعريف الارتباط لتحسين تجربتك. باستمرارك في التصفح فإنك توافق على ذلك.\nموافق"},
		{"a banner at the top", "نستخدم ملفات تعريف الارتباط، وباستمرارك في التصفح فإنك توافق على ذلك.\nقبول الكل\nرفض الكل", ""},
		{"a vowelled banner", "", "نَستخدم ملفّات تعريف الارتباط، فأنت توافق على سياسة الخصوصية."},
		{"an English banner", "", "We use cookies to improve your experience. By continuing you agree to our privacy policy.\nAccept all\nReject all\nSettings"},
		{"an Arabic share bar", "شارك على فيسبوك تويتر واتساب", ""},
		{"an English share bar", "", "Share on Facebook | Tweet | WhatsApp | Email | Print"},
		{"a headline to read also", "", "اقرأ أيضا: بلدية الميناء تؤجل افتتاح السوق"},
		{"a list to read also", "", "اقرأ أيضاً\nبلدية الميناء تؤجل افتتاح السوق\nموجة حر تضرب الساحل"},
		{"related news", "", "أخبار ذات صلة\nبلدية الميناء تؤجل افتتاح السوق"},
		{"English related links", "", "Related articles\nHarbour market put off\nHeat wave on the coast"},
		{"an Arabic newsletter", "", "اشترك في نشرتنا البريدية ليصلك كل جديد"},
		{"an English newsletter", "", "Subscribe to our newsletter for the day's stories"},
		{"networks to follow", "", "تابعونا على تويتر وفيسبوك"},
	} {
		t.Run(test.name, func(t *testing.T) {
			for _, article := range []string{story, englishStory} {
				body := strings.TrimSpace(test.before + "\n\n" + article + "\n\n" + test.after)
				if got := parse(t, "text/plain", body).Text; got != article {
					t.Errorf("text (-want +got):\n%s", cmp.Diff(article, got))
				}
			}
		})
	}
}

func TestArticlesAreLeftWhole(t *testing.T) {
	for _, test := range []struct{ name, text string }{
		{"an article about cookies", `المحكمة تحكم في قضية ملفات تعريف الارتباط

قضت المحكمة بأن موافقة المستخدم على ملفات تعريف الارتباط يجب أن تكون صريحة.

وقالت الشركة المدعى عليها إنها غيرت سياسة الخصوصية في موقعها، وإن الزائر يختار ما يشاء.

ويرى خبراء أن ملفات تعريف الارتباط ستختفي خلال سنوات قليلة.`},
		{"an English article about cookies", `Regulator fines shop over cookies

The regulator fined a shop because its banner set cookies before visitors agreed.

Cookies are small files that a browser keeps. The shop said that its privacy policy had been clear.

It may appeal within thirty days.`},
		{"a banner quoted in the middle of an article", story + "\n\n" + englishStory + "\n\nالموقع يقول: باستمرارك في التصفح فإنك توافق على ملفات تعريف الارتباط.\n\n" + story + "\n\n" + englishStory},
		{"a recipe", "Cookies with walnuts\n\nMix the butter with sugar. Add two eggs and stir.\n\nBake for twelve minutes, then let them cool."},
		{"sharing in a sentence", story + "\n\nوشارك في اللقاء مسؤولون من ست دول على مدى يومين."},
		{"Facebook in a sentence", englishStory + "\n\nFacebook said on Monday that it would share the numbers with the town."},
		{"a banner alone", "نستخدم ملفات تعريف الارتباط، وباستمرارك في التصفح فإنك توافق على ذلك."},
		{"talk of a newsletter", englishStory + "\n\nThe garden's friends print a newsletter, and visitors subscribe to it at the gate."},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, "text/plain", test.text).Text; got != test.text {
				t.Errorf("text (-want +got):\n%s", cmp.Diff(test.text, got))
			}
		})
	}
}

func TestKeepBoilerplate(t *testing.T) {
	want := story + "\n\nاقرأ أيضا: موجة حر تضرب الساحل"
	d, err := parser.New(parser.Options{KeepBoilerplate: true}).Parse(t.Context(), corpus.Raw{MediaType: "text/plain", Body: []byte(want)})
	if err != nil || d.Document.Text != want {
		t.Errorf("got %q, %v; want the text as it is", d.Document.Text, err)
	}
}
