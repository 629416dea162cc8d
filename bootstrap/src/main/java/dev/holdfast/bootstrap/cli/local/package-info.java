/** Commands that open the storage themselves. */
@NullMarked
package dev.holdfast.bootstrap.cli.local;

import org.jspecify.annotations.NullMarked;
