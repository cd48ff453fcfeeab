package html

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"

	"golang.org/x/net/html"

	"dalil/corpus"
	"dalil/parser/format"
)

// metadata reads what a page says of itself: schema.org JSON-LD first, then
// OpenGraph and the common meta names, then <title> and the lang attribute.
func metadata(in *format.Input, page *html.Node) corpus.Document {
	var d corpus.Document
	m := map[string]string{}
	var title, canonical string
	var tags []string
	walk(page, func(n *html.Node) {
		if n.Namespace != "" { // the title of a drawing
			return
		}
		switch n.Data {
		case "html":
			format.Fill(&d.Language, attribute(n, "lang"))
		case "title":
			format.Fill(&title, content(n))
		case "link":
			if strings.EqualFold(attribute(n, "rel"), "canonical") {
				format.Fill(&canonical, attribute(n, "href"))
			}
		case "meta":
			name := strings.ToLower(attribute(n, "property"))
			format.Fill(&name, strings.ToLower(attribute(n, "name")))
			value := strings.TrimSpace(attribute(n, "content"))
			if _, twice := m[name]; !twice && name != "" && value != "" {
				m[name] = value
			}
			if name == "article:tag" && value != "" && len(tags) < format.MaxTags {
				tags = append(tags, value)
			}
		case "script":
			if strings.EqualFold(attribute(n, "type"), "application/ld+json") {
				linkedData(in, content(n), &d)
			}
		}
	})
	for _, s := range []string{m["og:title"], m["twitter:title"], m["dc.title"], title} {
		format.Fill(&d.Title, s)
	}
	for _, s := range []string{m["author"], m["dc.creator"], m["article:author"], m["parsely-author"]} {
		if !strings.Contains(s, "://") {
			format.Fill(&d.Author, s)
		}
	}
	for _, s := range []string{m["article:published_time"], m["og:published_time"], m["date"], m["dc.date"], m["dcterms.created"], m["parsely-pub-date"], m["pubdate"]} {
		if d.PublishedAt.IsZero() {
			d.PublishedAt = in.Date(s)
		}
	}
	for _, s := range []string{canonical, m["og:url"]} {
		if u, err := url.Parse(s); err == nil && (u.Scheme == "http" || u.Scheme == "https") && u.Host != "" {
			format.Fill(&d.URL, u.String())
		}
	}
	format.Fill(&d.Language, m["og:locale"])
	d.Tags = tags
	return d
}

// maxLinkedData bounds one script of linked data, in bytes.
const maxLinkedData = 1 << 20

func walk(n *html.Node, visit func(*html.Node)) {
	for c := range n.Descendants() {
		if c.Type == html.ElementNode {
			visit(c)
		}
	}
}

func attribute(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func content(n *html.Node) string {
	var b strings.Builder
	for c := n.FirstChild; c != nil; c = c.NextSibling {
		if c.Type == html.TextNode {
			b.WriteString(c.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// articleTypes are schema.org's kinds of article.
var articleTypes = []string{"article", "newsarticle", "socialmediaposting", "discussionforumposting", "scholarlyarticle", "report", "liveblogposting", "reportagenewsarticle", "blogposting", "analysisnewsarticle", "opinionnewsarticle", "techarticle", "webpage"}

// linkedData reads the first article of a JSON-LD script; malformed ones are
// common and passed over.
func linkedData(in *format.Input, script string, d *corpus.Document) {
	script = strings.TrimSpace(script)
	for _, wrap := range [][2]string{{"<!--", "-->"}, {"//<![CDATA[", "//]]>"}, {"<![CDATA[", "]]>"}} {
		script = strings.TrimSpace(strings.TrimSuffix(strings.TrimPrefix(script, wrap[0]), wrap[1]))
	}
	var root any
	if len(script) > maxLinkedData || json.Unmarshal([]byte(script), &root) != nil {
		return
	}
	item := findArticle(root, 0)
	if item == nil {
		return
	}
	format.Fill(&d.Title, stringOf(item["headline"]))
	format.Fill(&d.Author, names(item["author"]))
	format.Fill(&d.Language, stringOf(item["inLanguage"]))
	if d.PublishedAt.IsZero() {
		d.PublishedAt = in.Date(stringOf(item["datePublished"]))
	}
}

func findArticle(v any, depth int) map[string]any {
	if depth > 8 {
		return nil
	}
	switch v := v.(type) {
	case []any:
		for _, x := range v {
			if found := findArticle(x, depth+1); found != nil {
				return found
			}
		}
	case map[string]any:
		if v["headline"] != nil && isArticle(v["@type"]) {
			return v
		}
		for _, key := range []string{"@graph", "mainEntity", "mainEntityOfPage"} {
			if found := findArticle(v[key], depth+1); found != nil {
				return found
			}
		}
	}
	return nil
}

// isArticle reports whether a type, or one of a list of types, is an article's.
func isArticle(v any) bool {
	switch v := v.(type) {
	case string:
		kind := strings.ToLower(v[strings.LastIndexAny(v, "/:#")+1:])
		return slices.Contains(articleTypes, kind)
	case []any:
		return slices.ContainsFunc(v, isArticle)
	}
	return false
}

// stringOf is a string without the entities that some pages write in scripts too.
func stringOf(v any) string {
	s, _ := v.(string)
	if list, many := v.([]any); many && len(list) > 0 {
		s, _ = list[0].(string)
	}
	return unescaped(s)
}

func unescaped(s string) string {
	for range 2 { // some escape twice
		if !strings.Contains(s, "&") {
			break
		}
		s = html.UnescapeString(s)
	}
	return strings.TrimSpace(s)
}

// names reads a name in any of the shapes that schema.org allows.
func names(v any) string {
	switch v := v.(type) {
	case string:
		return unescaped(v)
	case map[string]any:
		return stringOf(v["name"])
	case []any:
		var all []string
		for _, x := range v {
			if s := names(x); s != "" {
				all = append(all, s)
			}
		}
		return strings.Join(all, ", ")
	}
	return ""
}
