/** Configuration: one table of settings, read from flags, environment and a file, checked at once. */
@NullMarked
package dev.holdfast.bootstrap.config;

import org.jspecify.annotations.NullMarked;
