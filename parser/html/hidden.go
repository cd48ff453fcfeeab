package html

import (
	"regexp"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/net/html"
)

// onWhite reports whether an element has a white ground, as far as the page says.
func (r *hidingRules) onWhite(n *html.Node) bool {
	for ; n != nil; n = n.Parent {
		if attribute(n, "background") != "" {
			return false
		}
		style := attribute(n, "style")
		if !strings.Contains(strings.ToLower(style), "background") {
			continue
		}
		d, _ := declarations(style)
		return d["background-image"] == "" && (white(d["background"]) || white(d["background-color"]) && d["background"] == "")
	}
	return !r.ground
}

// hides reports whether declarations of style make what they apply to unreadable:
// not displayed, of no size, outside the page, or of the colour of its ground.
func hides(d map[string]string) bool {
	switch {
	case d["display"] == "none", d["visibility"] == "hidden", d["visibility"] == "collapse", d["content-visibility"] == "hidden":
		return true
	case zero(d["opacity"], 0.05), zero(d["font-size"], 1), zero(d["zoom"], 0.05):
		return true
	case strings.Contains(d["transform"], "scale(0)"), strings.HasPrefix(d["filter"], "opacity(0"):
		return true
	case clips(d) && (zero(d["height"], 0) || zero(d["width"], 0) || zero(d["max-height"], 0) || zero(d["max-width"], 0)):
		return true
	case clips(d) && positioned(d) && zero(d["height"], 1) && zero(d["width"], 1): // for screen readers alone
		return true
	case positioned(d) && clipped(d["clip"]), clipped(d["clip-path"]):
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
func writesWhite(d map[string]string) bool {
	return white(d["color"]) && d["background"] == "" && d["background-color"] == "" && d["background-image"] == ""
}

// declarations reads a list of declarations, and which of them are important.
func declarations(style string) (all map[string]string, important map[string]bool) {
	all = map[string]string{}
	for d := range strings.SplitSeq(strings.ToLower(style), ";") {
		name, value, found := strings.Cut(d, ":")
		if !found {
			continue
		}
		name, value = strings.TrimSpace(name), strings.TrimSpace(value)
		if rest, found := strings.CutSuffix(value, "!important"); found {
			value = strings.TrimSpace(rest)
			if important == nil {
				important = map[string]bool{}
			}
			important[name] = true
		}
		all[name] = value
	}
	return all, important
}

var (
	styleComment = regexp.MustCompile(`(?s)/\*.*?\*/`)
	styleEscape  = regexp.MustCompile(`\\[0-9a-fA-F]{1,6}\s?`)
)

// plainStyle takes comments and escapes out of a style.
func plainStyle(style string) string {
	if strings.Contains(style, "/*") {
		style = styleComment.ReplaceAllString(style, "")
	}
	if !strings.Contains(style, `\`) {
		return style
	}
	return styleEscape.ReplaceAllStringFunc(style, func(s string) string {
		r, err := strconv.ParseUint(strings.TrimSpace(s[1:]), 16, 32)
		if err != nil || r > unicode.MaxRune {
			return ""
		}
		return string(rune(r))
	})
}

// clipped reports whether a shape leaves nothing of an element.
func clipped(shape string) bool {
	kind, values, _ := strings.Cut(strings.TrimSuffix(strings.ReplaceAll(shape, ",", " "), ")"), "(")
	numbers := strings.Fields(values)
	if len(numbers) == 0 {
		return false
	}
	for _, n := range numbers {
		switch percent := strings.HasSuffix(n, "%"); {
		case kind == "rect" && !zero(n, 1), kind == "inset" && (!percent || zero(n, 49.9)), kind == "circle" && !zero(n, 0):
			return false
		}
	}
	return kind == "rect" || kind == "inset" || kind == "circle"
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
