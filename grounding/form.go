package grounding

import (
	"bytes"
	"cmp"
	"encoding/json"
	"strings"

	"dalil/corpus"
)

// form is how a context is written.
type form struct {
	open, between, close string
	// head comes before the text of a block, foot after it.
	head func(citation string, d *corpus.Document) string
	foot string
	// body writes a neutral text so that nothing in it can end the block.
	body func(text string) string
}

// forms are the formats.
var forms = [...]form{
	corpus.FormatBlocks: {
		between: "\n\n",
		head:    func(citation string, _ *corpus.Document) string { return "[" + citation + "] " },
		body:    paragraphs,
	},
	corpus.FormatMarkdown: {
		between: "\n\n",
		head:    markdownHead,
		body:    quotation,
	},
	corpus.FormatXML: {
		open: "<documents>\n", between: "\n", close: "\n</documents>",
		head: xmlHead,
		body: xmlText.Replace,
		foot: "\n</document_content>\n</document>",
	},
	corpus.FormatSearchResults: {
		open: "[", between: ",\n", close: "]",
		head: resultHead,
		body: jsonText,
		foot: `"}],"citations":{"enabled":true}}`,
	},
}

// Titles and addresses in a context are cut to these numbers of characters: they
// count against the budget of every block.
const (
	titleMost   = 120
	addressMost = 200
)

func title(d *corpus.Document) string { return line(cmp.Or(d.Title, d.ID), titleMost) }

func address(d *corpus.Document) string { return line(cmp.Or(d.URL, d.Source), addressMost) }

// paragraphs leaves no empty line in a text: an empty line ends a block.
func paragraphs(text string) string {
	if !strings.Contains(text, "\n") {
		return text
	}
	lines := strings.Split(text, "\n")
	kept := lines[:1]
	for i, l := range lines[1:] {
		if strings.TrimSpace(l) != "" || i == len(lines)-2 {
			kept = append(kept, l)
		}
	}
	return strings.Join(kept, "\n")
}

func markdownHead(citation string, d *corpus.Document) string {
	head := "### [" + citation + "] " + markdownText.Replace(title(d)) + "\n"
	if a := address(d); a != "" {
		head += markdownText.Replace(a) + "\n"
	}
	return head + "\n> "
}

// markdownText keeps a text from beginning an element of HTML.
var markdownText = strings.NewReplacer("<", "&lt;")

// quotation begins each line as a quotation.
func quotation(text string) string {
	return strings.ReplaceAll(markdownText.Replace(paragraphs(text)), "\n", "\n> ")
}

// xmlText writes what XML gives a meaning as entities.
var xmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

func xmlHead(citation string, d *corpus.Document) string {
	head := `<document index="` + citation + `">` + "\n<title>" + xmlText.Replace(title(d)) + "</title>\n"
	if a := address(d); a != "" {
		head += "<source>" + xmlText.Replace(a) + "</source>\n"
	}
	return head + "<document_content>\n"
}

func resultHead(_ string, d *corpus.Document) string {
	return `{"type":"search_result","source":"` + jsonText(cmp.Or(address(d), line(d.ID, addressMost))) + `","title":"` + jsonText(title(d)) +
		`","content":[{"type":"text","text":"`
}

// jsonText is the inside of a JSON string; letters stay as they are.
func jsonText(text string) string {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	_ = e.Encode(text) // a string always encodes
	return strings.TrimSuffix(strings.TrimPrefix(strings.TrimSuffix(b.String(), "\n"), `"`), `"`)
}
