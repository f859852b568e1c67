/*
 * A neural network that reads digits, written by tenfold export. C99; link with -lm.
 *
 *     static float scratch[TENFOLD_SCRATCH];
 *     float probabilities[TENFOLD_CLASSES];
 *     int digit = tenfold_predict(image, scratch, probabilities);
 *
 * An image has TENFOLD_PIXELS bytes, row by row: 0 is background, 255 is full ink. It must be
 * prepared as the training images were: the digit scaled into a box, with its centre of mass in the
 * middle. Nothing is allocated; each thread needs its own scratch memory.
 */
#ifndef TENFOLD_DIGITS_H
#define TENFOLD_DIGITS_H

#include <float.h>
#include <math.h>
#include <stdint.h>

/* sizes */

/* arrays */

/* functions */

/* Return the index of the most probable class; write the calibrated probability of each class. */
static inline int tenfold_predict(const uint8_t image[TENFOLD_PIXELS], float s[TENFOLD_SCRATCH],
                                  float probabilities[TENFOLD_CLASSES])
{
    int best = 0;
    for (int c = 0; c < TENFOLD_CLASSES; c++) probabilities[c] = 0;
    for (int view = 0; view < TENFOLD_VIEWS; view++) {
        const int *shift = tenfold_shifts[view];
        tenfold_load(image, s, TENFOLD_HEIGHT, TENFOLD_WIDTH, TENFOLD_CHANNELS, shift[0], shift[1]);
        /* calls */
        float *logits = s + /* logits */;
        tenfold_softmax(logits, TENFOLD_CLASSES);
        for (int c = 0; c < TENFOLD_CLASSES; c++) probabilities[c] += logits[c] / TENFOLD_VIEWS;
    }
    for (int c = 0; c < TENFOLD_CLASSES; c++) {
        float p = probabilities[c] > FLT_MIN ? probabilities[c] : FLT_MIN;
        probabilities[c] = logf(p) / TENFOLD_TEMPERATURE;
    }
    tenfold_softmax(probabilities, TENFOLD_CLASSES);
    for (int c = 1; c < TENFOLD_CLASSES; c++) best = probabilities[c] > probabilities[best] ? c : best;
    return best;
}

/* Return 1 if a prediction is unreliable: the image is blank, or the confidence is too low. */
static inline int tenfold_unsure(const uint8_t image[TENFOLD_PIXELS], const float probabilities[TENFOLD_CLASSES])
{
    int blank = 1;
    float confidence = 0;
    for (int i = 1; i < TENFOLD_PIXELS; i++) blank = blank && image[i] == image[0];
    for (int c = 0; c < TENFOLD_CLASSES; c++) confidence = fmaxf(confidence, probabilities[c]);
    return blank || confidence < TENFOLD_UNSURE_BELOW;
}

/* Return the name of a class. */
static inline const char *tenfold_name(int digit)
{
    return tenfold_names[digit];
}

/* test */

/* Return 1 if the probabilities of the test image are within 0.0001 of the expected probabilities. */
static inline int tenfold_self_test(float s[TENFOLD_SCRATCH])
{
    float probabilities[TENFOLD_CLASSES];
    int passed = 1;
    tenfold_predict(tenfold_test_image, s, probabilities);
    for (int c = 0; c < TENFOLD_CLASSES; c++) {
        passed = passed && fabsf(probabilities[c] - tenfold_test_probabilities[c]) < 1e-4f;
    }
    return passed;
}

#endif
