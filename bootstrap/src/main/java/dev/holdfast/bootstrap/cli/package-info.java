/** The command line: which commands there are, and what becomes of their errors. */
@NullMarked
package dev.holdfast.bootstrap.cli;

import org.jspecify.annotations.NullMarked;
