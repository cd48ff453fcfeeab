package standin

import (
	"math"
	"strconv"
	"strings"

	sdk "github.com/qdrant/go-client/qdrant"
)

// readBack changes the numbers of a payload as a real server does when it reads its JSON:
// it takes the digits as a whole number and multiplies or divides by a power of ten, so
// the last digit of a long number differs.
func readBack(v *sdk.Value) *sdk.Value {
	switch kind := v.GetKind().(type) {
	case *sdk.Value_DoubleValue:
		return sdk.NewValueDouble(inexact(kind.DoubleValue))
	case *sdk.Value_ListValue:
		list := make([]*sdk.Value, len(kind.ListValue.GetValues()))
		for i, item := range kind.ListValue.GetValues() {
			list[i] = readBack(item)
		}
		return sdk.NewValueFromList(list...)
	case *sdk.Value_StructValue:
		return sdk.NewValueFromFields(readBackAll(kind.StructValue.GetFields()))
	}
	return v
}

func readBackAll(payload map[string]*sdk.Value) map[string]*sdk.Value {
	read := make(map[string]*sdk.Value, len(payload))
	for k, v := range payload {
		read[k] = readBack(v)
	}
	return read
}

func inexact(x float64) float64 {
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', -1, 64), "e")
	whole, fraction, _ := strings.Cut(digits, ".")
	power, err := strconv.Atoi(exponent)
	if err != nil {
		return x // infinite
	}
	power -= len(fraction)
	if power >= 0 && math.Abs(x) < 1e16 { // written with .0
		fraction += strings.Repeat("0", power+1)
		power = -1
	}
	significand, err := strconv.ParseInt(whole+fraction, 10, 64)
	if err != nil {
		return x
	}
	if power < -300 {
		return float64(significand) / 1e300 / math.Pow10(-power-300)
	}
	if power < 0 {
		return float64(significand) / math.Pow10(-power)
	}
	return float64(significand) * math.Pow10(power)
}
