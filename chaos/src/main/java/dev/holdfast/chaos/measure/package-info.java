/** How long recovery takes. */
@NullMarked
package dev.holdfast.chaos.measure;

import org.jspecify.annotations.NullMarked;
