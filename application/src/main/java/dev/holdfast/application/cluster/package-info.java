/** Many nodes as one engine: election, fenced leader duties, watching for deaths. */
@NullMarked
package dev.holdfast.application.cluster;

import org.jspecify.annotations.NullMarked;
