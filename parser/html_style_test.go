package parser_test

import (
	"strings"
	"testing"
)

// Style sheets hide by selectors of several parts, and show again what an earlier
// or weaker rule hid.
func TestStyleSheetsHideAndShow(t *testing.T) {
	const words = "Words about the ferry that lost its anchor in the bay."
	for _, test := range []struct {
		name, css, body string
		shown           bool
	}{
		{"a class of two", ".x.y{display:none}", "<p class='y x'>" + words + "</p>", false},
		{"one of two classes", ".x.y{display:none}", "<p class=x>" + words + "</p>", true},
		{"within another", ".a .x{display:none}", "<div class=a><p class=x>" + words + "</p></div>", false},
		{"not within", ".a .x{display:none}", "<p class=x>" + words + "</p>", true},
		{"an attribute", "[data-h]{visibility:hidden}", "<p data-h=1>" + words + "</p>", false},
		{"a list", "h6, .q , #z > p{display:none}", "<div id=z><p>" + words + "</p></div>", false},
		{"a media query of screens", "@media screen { .x{display:none} }", "<p class=x>" + words + "</p>", false},
		{"a media query of paper", "@media print { .x{display:none} }", "<p class=x>" + words + "</p>", true},
		{"a state", ".x:hover{display:none}", "<p class=x>" + words + "</p>", true},
		{"shown by a later rule", ".x{display:none}.x{display:block}", "<p class=x>" + words + "</p>", true},
		{"shown by a stronger rule", ".x.on{display:block}.x{display:none}", "<p class='x on'>" + words + "</p>", true},
		{"shown by its own style", ".x{display:none}", "<p class=x style='display:block'>" + words + "</p>", true},
		{"hidden for all that", ".x{display:none !important}", "<p class=x style='display:block'>" + words + "</p>", false},
		{"a comment in a style", "", "<p style='display:/**/none'>" + words + "</p>", false},
		{"an escape in a style", "", `<p style="d\69splay:none">` + words + "</p>", false},
		{"clipped", "", "<p style='position:absolute;clip:rect(0, 0, 0, 0)'>" + words + "</p>", false},
		{"clipped to nothing", "", "<p style='clip-path:inset(50%)'>" + words + "</p>", false},
		{"clipped at the corners", "", "<p style='clip-path:inset(5%)'>" + words + "</p>", true},
		{"white in a white box", "", "<div style='background-color:#ffffff'><p style='color:#fff'>" + words + "</p></div>", false},
		{"white in a black box", "", "<div style='background:#000'><p style='color:#fff'>" + words + "</p></div>", true},
		{"an open dialog", "", "<dialog open><p>" + words + "</p></dialog>", true},
		{"a closed dialog", "", "<dialog><p>" + words + "</p></dialog>", false},
		{"a commented rule", "/* .x{display:none} */", "<p class=x>" + words + "</p>", true},
	} {
		t.Run(test.name, func(t *testing.T) {
			body := "<html><head><style>" + test.css + "</style></head><body>" + article + test.body + harbour + "</body></html>"
			if got := strings.Contains(parse(t, "text/html", body).Text, "lost its anchor"); got != test.shown {
				t.Errorf("is shown: %v, want %v", got, test.shown)
			}
			want := []string{"letters of hidden text"}
			if test.shown {
				want = nil
			}
			checkWarnings(t, warnings(t, "text/html", body), want...)
		})
	}
}

// Matching rules takes time in proportion to the page: beyond a bound the style
// sheets are not asked.
func TestLargeStyleSheets(t *testing.T) {
	css := strings.Repeat(".a .a .a .b{display:none}", 300)
	body := "<style>" + css + "</style>" + strings.Repeat("<div class=a>", 300) + strings.Repeat("<p class=b>x", 3000)
	if got := parse(t, "text/html", body+"</div><p>Forty boats came home.</p>").Text; !strings.Contains(got, "Forty boats") {
		t.Errorf("got %.80q", got)
	}
}
