package main

import "fmt"

// first returns the first error.
func first(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

func whole(flag string, value, low, high int) error {
	if value < low || value > high {
		return fmt.Errorf("%s: must be %d to %d, is %d", flag, low, high, value)
	}
	return nil
}

// number refuses NaN too, which is neither below nor above anything.
func number(flag string, value, low, high float64) error {
	if !(value >= low && value <= high) {
		return fmt.Errorf("%s: must be %g to %g, is %g", flag, low, high, value)
	}
	return nil
}
