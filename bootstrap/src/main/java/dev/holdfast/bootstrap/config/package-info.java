/** One table of settings, read from flags, environment and a file, and checked at once. */
@NullMarked
package dev.holdfast.bootstrap.config;

import org.jspecify.annotations.NullMarked;
