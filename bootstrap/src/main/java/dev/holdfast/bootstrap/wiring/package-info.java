/** Puts a node together from its configuration: the only package that knows Guice. */
@NullMarked
package dev.holdfast.bootstrap.wiring;

import org.jspecify.annotations.NullMarked;
