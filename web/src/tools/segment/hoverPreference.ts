/** The preference that says whether an outline follows the resting pointer. */
export const kHoverPreference = 'ai.hover';
