/** The embedding API: an engine on a storage. */
@NullMarked
package dev.holdfast.application.engine;

import org.jspecify.annotations.NullMarked;
