package parser_test

import (
	"strings"
	"testing"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
	"golang.org/x/text/encoding/unicode"

	"dalil/corpus"
	"dalil/parser"
)

// A row says what it belongs to where a cell reaches over several rows.
func TestCellsThatSpan(t *testing.T) {
	for _, test := range []struct{ name, body, text string }{
		{"rows", "<tr><th>Port</th><th>Fee</th></tr><tr><td rowspan=2>Acre</td><td>1</td></tr><tr><td>2</td></tr><tr><td>Tyre</td><td>3</td></tr>", "Port | Fee\n--- | ---\nAcre | 1\nAcre | 2\nTyre | 3"},
		{"columns of a header", "<tr><th rowspan=2>Port</th><th colspan=2>Fees</th></tr><tr><th>In</th><th>Out</th></tr><tr><td>Acre</td><td>1</td><td>2</td></tr>", "Port | Fees | Fees\n--- | --- | ---\nPort | In | Out\nAcre | 1 | 2"},
		{"columns of values", "<tr><th>A</th><th>B</th><th>C</th></tr><tr><td colspan=2>x</td><td>y</td></tr>", "A | B | C\n--- | --- | ---\nx |  | y"},
		{"a last column", "<tr><td>a</td><td rowspan=2>both</td></tr><tr><td>b</td></tr>", "a | both\nb | both"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := parse(t, "text/html", "<table>"+test.body+"</table>").Text; got != test.text {
				t.Errorf("got %q, want %q", got, test.text)
			}
		})
	}
	bomb := "<table><tr>" + strings.Repeat("<td rowspan=65534 colspan=1000>many words in it", 50) + strings.Repeat("<tr><td>b<td>c", 2000) + "</table>"
	if got := parse(t, "text/html", bomb).Text; len(got) > 2*len(bomb) {
		t.Errorf("%d bytes became %d", len(bomb), len(got))
	}
}

func TestChineseJapaneseKoreanCharsets(t *testing.T) {
	const (
		simplified  = "渔民在暴风雨之前回到了港口，灯塔看守人数了四十条船。"
		traditional = "漁民在暴風雨之前回到了港口，燈塔看守人數了四十條船。"
		japan       = "漁師たちは嵐の前に港へ戻り、灯台守は四十隻の船を数えました。"
		korea       = "어부들은 폭풍이 오기 전에 항구로 돌아왔고 등대지기는 마흔 척의 배를 세었다."
	)
	for _, test := range []struct {
		name, text string
		encoding   encoding.Encoding
	}{
		{"GB 18030", simplified, simplifiedchinese.GB18030},
		{"Big5", traditional, traditionalchinese.Big5},
		{"Shift JIS", japan, japanese.ShiftJIS},
		{"EUC-JP", japan, japanese.EUCJP},
		{"EUC-KR", korea, korean.EUCKR},
		{"UTF-16 LE", simplified, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16 LE with names", "# Boats\n\n" + simplified, unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)},
		{"UTF-16 BE with names", "# Boats\n\n" + traditional, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
		{"UTF-16 BE", japan, unicode.UTF16(unicode.BigEndian, unicode.IgnoreBOM)},
	} {
		for _, file := range []string{"a.txt", "a.md"} {
			body := encode(t, test.encoding, test.text)
			r, err := parser.New(parser.Options{}).Parse(t.Context(), corpus.Raw{Document: corpus.Document{Source: file}, Body: []byte(body)})
			if err != nil || r.Document.Text != test.text {
				t.Errorf("%s in %s: got %q (%v)", file, test.name, r.Document.Text, err)
			}
			checkWarnings(t, r.Warnings, "the charset is not declared")
		}
	}
}
