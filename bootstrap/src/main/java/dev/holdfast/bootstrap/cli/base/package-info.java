/** What all commands share. */
@NullMarked
package dev.holdfast.bootstrap.cli.base;

import org.jspecify.annotations.NullMarked;
