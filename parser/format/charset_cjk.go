package format

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/korean"
	"golang.org/x/text/encoding/simplifiedchinese"
	"golang.org/x/text/encoding/traditionalchinese"
)

// eastAsian are the charsets of Chinese, Japanese and Korean, with the commonest
// Letters of their texts and the share of all letters, in percent, that these are
// at least.
var eastAsian = []struct {
	encoding encoding.Encoding
	frequent string
	least    int
}{
	{japanese.ShiftJIS, kana, 30},
	{japanese.EUCJP, kana, 30},
	{korean.EUCKR, "이다는을가의에고하지를은로사한기인도자서어스들그라", 20},
	{simplifiedchinese.GB18030, "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家里如水高自二理起小物现实都两体使点从业本去把性好开它还因由其些然前外天四日那事看口回数条", 15},
	{traditionalchinese.Big5, "的一是在不了有和人這中大為上個國我以要他時來用們生到作地於出就分對成會可主發年動同工也能下過子說產種面而方後多定行學法所民得經十三之進著等部度家裡如水高自二理起小物現實都兩體使點從業本去把性好開它還因由其些然前外天四日那事看口回數條", 15},
}

const kana = "あいうえおかがきぎくぐけげこごさざしじすずせぜそぞただちっつてでとどなにぬねのはばひびふぶへべほぼまみむめもやゆよらりるれろわをんアイウエオカキクコサシスセソタチツテトナニノハヒフヘホマミムメモラリルレロンー"

// guessEastAsian returns the charset of Chinese, Japanese or Korean in which all
// of a text can be read and most like words, nil where there is none. Texts of one
// byte a letter end their words between two bytes of a letter.
func guessEastAsian(sample []byte, cut bool) encoding.Encoding {
	var best encoding.Encoding
	most := 0
	for _, c := range eastAsian {
		text, err := c.encoding.NewDecoder().Bytes(sample)
		if err != nil {
			continue
		}
		broken, all, often := 0, 0, 0
		for _, r := range string(text) {
			switch {
			case r == utf8.RuneError, unicode.Is(unicode.Co, r), r >= 0x80 && unicode.IsControl(r), r >= 0xff61 && r <= 0xff9f:
				broken++
			case r >= 0x80 && unicode.IsLetter(r):
				if all++; strings.ContainsRune(c.frequent, r) {
					often++
				}
			}
		}
		if cut {
			broken--
		}
		if broken > 0 || all < 8 || often*100 < all*c.least || often*100/all <= most {
			continue
		}
		best, most = c.encoding, often*100/all
	}
	return best
}
