/** The log: lines for people or for machines, on standard error. */
@NullMarked
package dev.holdfast.bootstrap.log;

import org.jspecify.annotations.NullMarked;
