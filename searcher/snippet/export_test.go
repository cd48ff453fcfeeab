package snippet

// FirstWord lets the property test reach the function alone.
var FirstWord = firstWord
