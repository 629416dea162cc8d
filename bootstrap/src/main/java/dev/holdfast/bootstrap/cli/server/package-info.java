/** Commands that ask a server. */
@NullMarked
package dev.holdfast.bootstrap.cli.server;

import org.jspecify.annotations.NullMarked;
