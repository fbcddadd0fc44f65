namespace Orleans.Pipeline.Dashboard.History;

/// <summary>The last values of a figure at a fixed step. A step without a measurement has no value. Not safe for several threads.</summary>
/// <param name="steps">The number of steps that it keeps.</param>
/// <param name="secondsPerStep">The seconds of a step.</param>
internal sealed class Ring(int steps, int secondsPerStep)
{
    private readonly float[] _values = Filled(steps);
    private long _newest = -1;
    private double _sum;
    private int _count;

    /// <summary>Adds a value; a step keeps the mean of its values.</summary>
    public void Add(long second, double value)
    {
        var step = second / secondsPerStep;
        if (step > _newest)
        {
            Forget(step);
            (_newest, _sum, _count) = (step, 0, 0);
        }

        if (step == _newest)
        {
            _sum += value;
            _count++;
            _values[step % steps] = (float)(_sum / _count);
        }
    }

    /// <summary>Copies the values of the steps up to the one of a second.</summary>
    public void CopyTo(Span<float> target, long second)
    {
        var last = second / secondsPerStep;
        for (var index = 0; index < target.Length; index++)
        {
            var step = last - (target.Length - 1 - index);
            target[index] = step >= 0 && step <= _newest && step > _newest - steps ? _values[step % steps] : float.NaN;
        }
    }

    private void Forget(long upTo)
    {
        for (var step = Math.Max(_newest + 1, upTo - steps + 1); step <= upTo; step++)
        {
            _values[step % steps] = float.NaN;
        }
    }

    private static float[] Filled(int steps)
    {
        var values = new float[steps];
        Array.Fill(values, float.NaN);
        return values;
    }
}
