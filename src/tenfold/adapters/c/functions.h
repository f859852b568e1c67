/* The steps of a forward pass. Images are stored as (H, W, C). */

static inline void tenfold_normalize(float *x, int count, float mean, float factor)
{
    for (int i = 0; i < count; i++) x[i] = (x[i] - mean) * factor;
}

static inline void tenfold_affine(float *x, int count, const float *scale, const float *offset, int features)
{
    for (int i = 0; i < count; i++) x[i] = x[i] * scale[i % features] + offset[i % features];
}

static inline void tenfold_relu(float *x, int count)
{
    for (int i = 0; i < count; i++) x[i] = x[i] > 0 ? x[i] : 0;
}

static inline void tenfold_leaky_relu(float *x, int count, float slope)
{
    for (int i = 0; i < count; i++) x[i] = x[i] > 0 ? x[i] : slope * x[i];
}

static inline void tenfold_tanh(float *x, int count)
{
    for (int i = 0; i < count; i++) x[i] = tanhf(x[i]);
}

static inline void tenfold_sigmoid(float *x, int count)
{
    for (int i = 0; i < count; i++) x[i] = 0.5f + 0.5f * tanhf(0.5f * x[i]);
}

static inline void tenfold_gelu(float *x, int count)
{
    for (int i = 0; i < count; i++) {
        float inner = 0.79788456f * (x[i] + 0.044715f * x[i] * x[i] * x[i]);
        x[i] = 0.5f * x[i] * (1 + tanhf(inner));
    }
}

static inline void tenfold_add(float *x, const float *other, int count)
{
    for (int i = 0; i < count; i++) x[i] += other[i];
}

static inline void tenfold_copy(float *x, const float *from, int count)
{
    for (int i = 0; i < count; i++) x[i] = from[i];
}

static inline void tenfold_dense(const float *x, float *y, const tenfold_weight *weight, const float *scale,
                                 const float *offset, int inputs, int outputs)
{
    for (int f = 0; f < outputs; f++) {
        float sum = 0;
        for (int i = 0; i < inputs; i++) sum += x[i] * (float)*weight++;
        y[f] = sum * scale[f] + offset[f];
    }
}

typedef struct {
    int height, width, channels, rows, columns, features, kernel, stride, before, pool;
} tenfold_sizes;

/* The sum of the products of a patch and a kernel; outside the image x is 0. */
static inline float tenfold_patch(const float *x, const tenfold_weight *weight, const tenfold_sizes *n, int i, int j)
{
    int top = i * n->stride - n->before, left = j * n->stride - n->before, row = n->kernel * n->channels;
    float sum = 0;
    for (int k = 0; k < n->kernel; k++) {
        if (top + k < 0 || top + k >= n->height) continue;
        for (int l = 0; l < n->kernel; l++) {
            if (left + l < 0 || left + l >= n->width) continue;
            const float *pixel = x + ((top + k) * n->width + left + l) * n->channels;
            const tenfold_weight *w = weight + k * row + l * n->channels;
            for (int c = 0; c < n->channels; c++) sum += pixel[c] * (float)w[c];
        }
    }
    return sum;
}

static inline void tenfold_convolution(const float *x, float *y, const tenfold_weight *weight, const float *scale,
                                       const float *offset, tenfold_sizes n)
{
    int size = n.kernel * n.kernel * n.channels;
    for (int i = 0; i < n.rows; i++) {
        for (int j = 0; j < n.columns; j++) {
            for (int f = 0; f < n.features; f++) {
                float best = -FLT_MAX;
                for (int cell = 0; cell < n.pool * n.pool; cell++) {
                    int down = i * n.pool + cell / n.pool, right = j * n.pool + cell % n.pool;
                    float sum = tenfold_patch(x, weight + f * size, &n, down, right);
                    best = sum > best ? sum : best;
                }
                *y++ = best * scale[f] + offset[f];
            }
        }
    }
}

/* The largest value or the mean of each window, in each channel. */
static inline void tenfold_pool(const float *x, float *y, tenfold_sizes n, int mean)
{
    for (int i = 0; i < n.rows; i++) {
        for (int j = 0; j < n.columns; j++) {
            for (int c = 0; c < n.channels; c++) {
                float best = -FLT_MAX, sum = 0;
                for (int k = 0; k < n.kernel * n.kernel; k++) {
                    int p = i * n.stride + k / n.kernel, q = j * n.stride + k % n.kernel;
                    float value = x[(p * n.width + q) * n.channels + c];
                    best = value > best ? value : best;
                    sum += value;
                }
                *y++ = mean ? sum / (float)(n.kernel * n.kernel) : best;
            }
        }
    }
}

/* The largest value or the mean of each channel. */
static inline void tenfold_global_pool(const float *x, float *y, int pixels, int channels, int mean)
{
    for (int c = 0; c < channels; c++) {
        float best = -FLT_MAX, sum = 0;
        for (int i = 0; i < pixels; i++) {
            float value = x[i * channels + c];
            best = value > best ? value : best;
            sum += value;
        }
        y[c] = mean ? sum / (float)pixels : best;
    }
}

/* Shear an image so that its ink is upright. */
static inline void tenfold_deskew(const float *x, float *y, int height, int width, int channels)
{
    float total = 0, p0 = 0, q0 = 0, products = 0, squares = 0;
    for (int pass = 0; pass < 2; pass++) {
        for (int i = 0; i < height * width * channels; i++) {
            float p = (float)(i / channels / width), q = (float)(i / channels % width), w = x[i] > 0 ? x[i] : 0;
            if (pass == 0) {
                total += w;
                p0 += w * p;
                q0 += w * q;
            } else {
                products += w * (p - p0) * (q - q0);
                squares += w * (p - p0) * (p - p0);
            }
        }
        if (pass == 0) {
            total = total > FLT_MIN ? total : FLT_MIN;
            p0 /= total;
            q0 /= total;
        }
    }
    float slope = products / (squares > FLT_MIN ? squares : FLT_MIN);
    slope = slope > 1 ? 1 : slope < -1 ? -1 : slope;
    for (int i = 0; i < height * width * channels; i++) {
        int c = i % channels, p = i / channels / width, q = i / channels % width;
        float move = slope * ((float)p - p0), whole = floorf(move);
        int left = q + (int)whole, right = left + 1;
        float a = left >= 0 && left < width ? x[(p * width + left) * channels + c] : 0;
        float b = right >= 0 && right < width ? x[(p * width + right) * channels + c] : 0;
        y[i] = a + (move - whole) * (b - a);
    }
}

static inline void tenfold_softmax(float *x, int count)
{
    float largest = x[0], sum = 0;
    for (int i = 1; i < count; i++) largest = x[i] > largest ? x[i] : largest;
    for (int i = 0; i < count; i++) sum += x[i] = expf(x[i] - largest);
    for (int i = 0; i < count; i++) x[i] /= sum;
}

/* Write an image, moved by some rows and columns; pixels that come from outside the image are 0. */
static inline void tenfold_load(const uint8_t *image, float *x, int height, int width, int channels, int down,
                                int right)
{
    for (int i = 0; i < height * width * channels; i++) {
        int c = i % channels, p = i / channels / width + down, q = i / channels % width + right;
        int inside = p >= 0 && p < height && q >= 0 && q < width;
        x[i] = inside ? (float)image[(p * width + q) * channels + c] : 0;
    }
}
