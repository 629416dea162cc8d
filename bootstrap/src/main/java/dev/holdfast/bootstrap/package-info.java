/** Wiring, configuration, command line and packaging. */
@NullMarked
package dev.holdfast.bootstrap;

import org.jspecify.annotations.NullMarked;
