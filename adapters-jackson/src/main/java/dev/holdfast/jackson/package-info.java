/** The JSON port on Jackson. */
@NullMarked
package dev.holdfast.jackson;

import org.jspecify.annotations.NullMarked;
