/** What people see: tables, progress, colours. */
@NullMarked
package dev.holdfast.bootstrap.terminal;

import org.jspecify.annotations.NullMarked;
