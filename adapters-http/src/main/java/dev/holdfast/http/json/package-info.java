/** Strict reading of JSON: one parser, exact source texts, every fault with its pointer. */
@NullMarked
package dev.holdfast.http.json;

import org.jspecify.annotations.NullMarked;
