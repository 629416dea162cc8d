/** Problem documents (RFC 9457): what they say and when. */
@NullMarked
package dev.holdfast.http.problem;

import org.jspecify.annotations.NullMarked;
