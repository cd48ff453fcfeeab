package html

import (
	"maps"
	"slices"
	"strings"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"
)

// hidingRules are what a page's style sheets say about what can be seen.
type hidingRules struct {
	rules  map[string][]*styleRule // by the class (.x), id (#x) or name of the last element that they select; "" for others
	hiding bool                    // one of them hides
	count  int
	work   int  // steps that matching has taken
	ground bool // the page has grounds of its own, or sheets that are not here: white may be readable
}

// styleRule is one selector with its declarations.
type styleRule struct {
	selector     cascadia.Sel
	parts, order int
	declared     map[string]string
	important    map[string]bool
}

// Bounds on what is read of a page's style sheets.
const (
	maxStyle         = 256 << 10 // bytes
	maxSelectorParts = 4
	maxRulesAlike    = 200        // that select by the same class, id or name
	maxMatching      = 20_000_000 // steps
)

// hidingRulesOf reads the style elements of a page. Rules for other media than
// the screen are passed over.
func hidingRulesOf(page *html.Node) *hidingRules {
	rules := &hidingRules{rules: map[string][]*styleRule{}}
	left := maxStyle
	for n := range page.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "link" && strings.Contains(strings.ToLower(attribute(n, "rel")), "stylesheet") || attribute(n, "bgcolor") != "") {
			rules.ground = true
		}
		if n.Type != html.ElementNode || n.Data != "style" || n.FirstChild == nil || !onScreen(attribute(n, "media")) {
			continue
		}
		css := n.FirstChild.Data
		if len(css) > left {
			css = css[:left]
		}
		left -= len(css)
		rules.read(plainStyle(css))
	}
	return rules
}

// onScreen reports whether a media query is met by any screen.
func onScreen(query string) bool {
	switch strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(strings.ToLower(query)), "only ")) {
	case "", "all", "screen":
		return true
	}
	return false
}

func (r *hidingRules) read(css string) {
	r.ground = r.ground || strings.Contains(css, "background")
	passed := 0 // open blocks that do not apply
	for css != "" {
		open := strings.IndexAny(css, "{}")
		if open < 0 {
			return
		}
		if css[open] == '}' {
			passed = max(passed-1, 0)
			css = css[open+1:]
			continue
		}
		selector := css[:open]
		if i := strings.LastIndexByte(selector, ';'); i >= 0 {
			selector = selector[i+1:]
		}
		css = css[open+1:]
		if selector = strings.TrimSpace(selector); strings.HasPrefix(selector, "@") {
			query, media := strings.CutPrefix(selector, "@media")
			if !media || !onScreen(query) || passed > 0 {
				passed++
			}
			continue
		}
		body := css
		if end := strings.IndexByte(css, '}'); end >= 0 {
			body, css = css[:end], css[end+1:]
		} else {
			css = ""
		}
		if passed == 0 {
			r.add(selector, body)
		}
	}
}

// add keeps a rule for each of its selectors.
func (r *hidingRules) add(selectors, body string) {
	declared, important := declarations(body)
	if len(declared) == 0 {
		return
	}
	r.hiding = r.hiding || hides(declared) || writesWhite(declared)
	for s := range strings.SplitSeq(selectors, ",") {
		parts := strings.FieldsFunc(s, func(c rune) bool { return strings.ContainsRune(" \t\r\n\f>+~", c) })
		if len(parts) == 0 || len(parts) > maxSelectorParts || len(s) > 200 || strings.ContainsAny(s, ":~") {
			continue
		}
		last := parts[len(parts)-1]
		key := ""
		if at := strings.IndexAny(last, "#."); at >= 0 {
			if key = last[at:]; strings.ContainsAny(key[1:], "#.[") {
				key = key[:1+strings.IndexAny(key[1:], "#.[")]
			}
		} else if last[0] != '[' && last[0] != '*' {
			key, _, _ = strings.Cut(strings.ToLower(last), "[")
		}
		if len(r.rules[key]) >= maxRulesAlike {
			continue
		}
		selector, err := cascadia.Parse(s)
		if err != nil {
			continue
		}
		r.count++
		r.rules[key] = append(r.rules[key], &styleRule{selector, len(parts), r.count, declared, important})
	}
}

// matching returns the rules for an element, the strongest last.
func (r *hidingRules) matching(n *html.Node, id, classes string, depth int) []*styleRule {
	var found []*styleRule
	try := func(key string) {
		for _, rule := range r.rules[key] {
			cost := 1
			for range rule.parts - 1 {
				cost *= depth + 1
			}
			if r.work += cost; r.work > maxMatching {
				return
			}
			if rule.selector.Match(n) {
				found = append(found, rule)
			}
		}
	}
	try("")
	try(n.Data)
	if id != "" {
		try("#" + id)
	}
	for class := range strings.FieldsSeq(classes) {
		try("." + class)
	}
	slices.SortFunc(found, func(a, b *styleRule) int {
		if x, y := a.selector.Specificity(), b.selector.Specificity(); x != y {
			if x.Less(y) {
				return -1
			}
			return 1
		}
		return a.order - b.order
	})
	return found
}

// hide reports whether an element is not shown, by its attributes, its style or
// the page's style sheets.
func (r *hidingRules) hide(n *html.Node) bool {
	id, classes, style := "", "", ""
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
			style = a.Val
		case "id":
			id = a.Val
		case "class":
			classes = a.Val
		}
	}
	if n.Data == "font" && attribute(n, "size") == "0" {
		return true
	}
	own, ownImportant := declarations(plainStyle(style))
	hidden, inWhite := hides(own), writesWhite(own) || n.Data == "font" && white(attribute(n, "color"))
	if !r.hiding || r.work > maxMatching {
		return hidden || inWhite && r.onWhite(n)
	}
	depth := 0
	for p := n.Parent; p != nil; p = p.Parent {
		depth++
	}
	all, fixed := map[string]string{}, map[string]bool{}
	for _, rule := range r.matching(n, id, classes, depth) {
		hidden = hidden || hides(rule.declared)
		inWhite = inWhite || writesWhite(rule.declared)
		lay(all, fixed, rule.declared, rule.important)
	}
	lay(all, fixed, own, ownImportant)
	return hidden && hides(all) || inWhite && (len(all) == 0 || writesWhite(all)) && r.onWhite(n)
}

// lay puts declarations over weaker ones.
func lay(all map[string]string, fixed map[string]bool, declared map[string]string, important map[string]bool) {
	for name, value := range declared {
		if !fixed[name] || important[name] {
			all[name] = value
		}
	}
	maps.Copy(fixed, important)
}
