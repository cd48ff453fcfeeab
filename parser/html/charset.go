package html

import (
	"bytes"
	"mime"
	"regexp"
	"strings"

	"golang.org/x/net/html"

	"dalil/parser/format"
)

// maxPrescan is how far into a page its own charset is looked for.
const maxPrescan = 1 << 20

// xmlEncoding is the declaration that XHTML may begin with.
var xmlEncoding = regexp.MustCompile(`^\s*<\?xml[^>]*\sencoding\s*=\s*["\']([^"\']+)["\']`)

// decode decodes a page, which may declare its charset in a meta element (HTML
// standard §13.2.3.2; here it may also come after byte 1,024) or an XML
// declaration.
func decode(in *format.Input) (string, error) {
	if in.Charset == "" && format.ByteOrderMark(in.Body) == nil {
		in.Declared = pageCharset(in.Body[:min(len(in.Body), maxPrescan)])
	}
	return format.Decode(in)
}

func pageCharset(body []byte) string {
	if m := xmlEncoding.FindSubmatch(body[:min(len(body), 1024)]); m != nil {
		return string(m[1])
	}
	z := html.NewTokenizer(bytes.NewReader(body))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return ""
		case html.StartTagToken, html.SelfClosingTagToken:
			name, more := z.TagName()
			if string(name) != "meta" {
				continue
			}
			var direct, equivalent, content string
			for more {
				var key, value []byte
				key, value, more = z.TagAttr()
				switch string(key) {
				case "charset":
					direct = string(value)
				case "http-equiv":
					equivalent = string(value)
				case "content":
					content = string(value)
				}
			}
			if direct == "" && strings.EqualFold(strings.TrimSpace(equivalent), "content-type") {
				direct = charsetOf(content)
			}
			if direct = strings.TrimSpace(direct); direct != "" {
				if strings.HasPrefix(strings.ToLower(direct), "utf-16") {
					return "utf-8" // it was read byte by byte up to here
				}
				return direct
			}
		}
	}
}

// charsetOf is the parameter of a media type that may be written carelessly.
func charsetOf(content string) string {
	if _, parameters, err := mime.ParseMediaType(content); err == nil && parameters["charset"] != "" {
		return parameters["charset"]
	}
	_, after, found := strings.Cut(strings.ToLower(content), "charset")
	after, equals := strings.CutPrefix(strings.TrimSpace(after), "=")
	if !found || !equals {
		return ""
	}
	after = strings.Trim(strings.TrimSpace(after), `"\'`)
	end := strings.IndexAny(after, " ;,\"'")
	if end < 0 {
		end = len(after)
	}
	return after[:end]
}
