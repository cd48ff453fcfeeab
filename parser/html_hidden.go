package parser

import (
	"strconv"
	"strings"

	"golang.org/x/net/html"
)

// hidingRules are what a page's style sheets hide.
type hidingRules struct {
	hidden map[string]bool // simple selectors (element, .class, #id)
	white  map[string]bool // that write in white
	ground bool            // the page has grounds of its own, or sheets that are not here: white may be readable
}

// maxStyle bounds how much of a page's style sheets is read, in bytes.
const maxStyle = 256 << 10

// hidingRulesOf reads the style elements of a page. Rules for other media than
// the screen, and selectors of several parts, are passed over.
func hidingRulesOf(page *html.Node) hidingRules {
	rules := hidingRules{hidden: map[string]bool{}, white: map[string]bool{}}
	left := maxStyle
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "link" && strings.Contains(strings.ToLower(attribute(n, "rel")), "stylesheet") || attribute(n, "bgcolor") != "") {
			rules.ground = true
		}
		if n.Type != html.ElementNode || n.Data != "style" || n.FirstChild == nil {
			continue
		}
		if media := strings.ToLower(attribute(n, "media")); media != "" && media != "all" && media != "screen" {
			continue
		}
		css := n.FirstChild.Data
		if len(css) > left {
			css = css[:left]
		}
		left -= len(css)
		rules.read(css)
	}
	return rules
}

func (r *hidingRules) read(css string) {
	r.ground = r.ground || strings.Contains(css, "background")
	depth := 0
	for css != "" {
		open := strings.IndexAny(css, "{}")
		if open < 0 {
			return
		}
		if css[open] == '}' {
			depth = max(depth-1, 0)
			css = css[open+1:]
			continue
		}
		selector := css[:open]
		if i := strings.LastIndexAny(selector, ";/"); i >= 0 {
			selector = selector[i+1:]
		}
		css = css[open+1:]
		if strings.Contains(selector, "@") {
			depth++
			continue
		}
		body := css
		if end := strings.IndexByte(css, '}'); end >= 0 {
			body, css = css[:end], css[end+1:]
		} else {
			css = ""
		}
		set := r.hidden
		if !hides(body) {
			set = r.white
		}
		if depth > 0 || !hides(body) && !writesWhite(body) {
			continue
		}
		for s := range strings.SplitSeq(selector, ",") {
			if s = strings.TrimSpace(s); s != "" && !strings.ContainsAny(s, " >+~:[*\t\n") && strings.Count(s, ".")+strings.Count(s, "#") <= 1 {
				set[s] = true
			}
		}
	}
}

// hide reports whether an element is not shown, by its attributes, its style or
// the page's style sheets.
func (r *hidingRules) hide(n *html.Node) bool {
	id, classes, inWhite := "", "", false
	for _, a := range n.Attr {
		switch strings.ToLower(a.Key) {
		case "hidden":
			if !strings.EqualFold(a.Val, "until-found") {
				return true
			}
		case "aria-hidden":
			if strings.EqualFold(strings.TrimSpace(a.Val), "true") {
				return true
			}
		case "style":
			if hides(a.Val) {
				return true
			}
			inWhite = writesWhite(a.Val)
		case "id":
			id = a.Val
		case "class":
			classes = a.Val
		}
	}
	if n.Data == "font" {
		if attribute(n, "size") == "0" {
			return true
		}
		inWhite = inWhite || white(attribute(n, "color"))
	}
	matches := func(set map[string]bool) bool {
		if len(set) == 0 {
			return false
		}
		if set[n.Data] || id != "" && (set["#"+id] || set[n.Data+"#"+id]) {
			return true
		}
		for class := range strings.FieldsSeq(classes) {
			if set["."+class] || set[n.Data+"."+class] {
				return true
			}
		}
		return false
	}
	return matches(r.hidden) || (inWhite || matches(r.white)) && !r.ground && !onGround(n)
}

// onGround reports whether an element or one around it has a ground of its own.
func onGround(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if strings.Contains(strings.ToLower(attribute(n, "style")), "background") || attribute(n, "background") != "" {
			return true
		}
	}
	return false
}

// hides reports whether declarations of style make what they apply to unreadable:
// not displayed, of no size, outside the page, or of the colour of its ground.
func hides(style string) bool {
	d := declarations(style)
	switch {
	case d["display"] == "none", d["visibility"] == "hidden", d["visibility"] == "collapse", d["content-visibility"] == "hidden":
		return true
	case zero(d["opacity"], 0.05), zero(d["font-size"], 1), zero(d["zoom"], 0.05):
		return true
	case strings.Contains(d["transform"], "scale(0)"), strings.HasPrefix(d["filter"], "opacity(0"):
		return true
	case clips(d) && (zero(d["height"], 0) || zero(d["width"], 0) || zero(d["max-height"], 0) || zero(d["max-width"], 0)):
		return true
	case away(d["text-indent"]), positioned(d) && (away(d["left"]) || away(d["top"]) || away(d["right"]) || away(d["bottom"])):
		return true
	case d["color"] == "transparent", strings.HasSuffix(strings.ReplaceAll(d["color"], " ", ""), ",0)") && strings.HasPrefix(d["color"], "rgba"):
		return true
	}
	ground := d["background-color"]
	if ground == "" {
		ground, _, _ = strings.Cut(d["background"], " ")
	}
	return d["color"] != "" && ground != "" && colour(d["color"]) == colour(ground)
}

// writesWhite reports whether declarations write in white and name no ground.
func writesWhite(style string) bool {
	d := declarations(style)
	return white(d["color"]) && d["background"] == "" && d["background-color"] == "" && d["background-image"] == ""
}

func declarations(style string) map[string]string {
	all := map[string]string{}
	for d := range strings.SplitSeq(strings.ToLower(style), ";") {
		name, value, found := strings.Cut(d, ":")
		if found {
			all[strings.TrimSpace(name)] = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(value), "!important"))
		}
	}
	return all
}

func clips(d map[string]string) bool {
	return d["overflow"] == "hidden" || d["overflow"] == "clip" || d["overflow-x"] == "hidden" || d["overflow-y"] == "hidden"
}

func positioned(d map[string]string) bool {
	return d["position"] == "absolute" || d["position"] == "fixed"
}

// zero reports whether a length or number is at most so much.
func zero(value string, most float64) bool {
	number := strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz% ")
	if number == "" {
		return false
	}
	x, err := strconv.ParseFloat(number, 64)
	if strings.HasSuffix(value, "em") || strings.HasSuffix(value, "rem") {
		x *= 16
	}
	return err == nil && x <= most && x >= 0
}

// away reports whether a length moves text out of every window.
func away(value string) bool {
	x, err := strconv.ParseFloat(strings.TrimRight(value, "abcdefghijklmnopqrstuvwxyz% "), 64)
	return err == nil && (x <= -900 || strings.HasSuffix(value, "em") && x <= -60 || strings.HasSuffix(value, "%") && x <= -100)
}

func white(c string) bool { return c != "" && colour(c) == "#ffffff" }

// colour writes the usual spellings of a colour in one way.
func colour(c string) string {
	c = strings.ReplaceAll(strings.ToLower(strings.TrimSpace(c)), " ", "")
	switch c {
	case "white", "rgb(255,255,255)", "rgba(255,255,255,1)", "hsl(0,0%,100%)", "rgb(100%,100%,100%)", "snow", "#fefefe", "#fdfdfd":
		return "#ffffff"
	case "black", "rgb(0,0,0)":
		return "#000000"
	}
	if len(c) == 4 && c[0] == '#' {
		return string([]byte{'#', c[1], c[1], c[2], c[2], c[3], c[3]})
	}
	return c
}
