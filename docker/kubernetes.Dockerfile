# syntax=docker/dockerfile:1
# Sightline for `spark-submit --master k8s://…`: Spark's own image, whose entrypoint Kubernetes mode expects, with what docker/Dockerfile built.
#   docker build -f docker/kubernetes.Dockerfile -t REGISTRY/sightline-k8s:cpu --build-arg VARIANT=cpu .
ARG VARIANT=cpu
ARG SPARK_IMAGE=apache/spark:3.5.6-scala2.12-java17-ubuntu
FROM sightline:${VARIANT} AS built

FROM ${SPARK_IMAGE} AS runtime
COPY --from=built /opt/sightline/sightline.jar /opt/sightline/gpu-discovery /opt/sightline/
# The device plugin says which GPUs; nvidia-smi needs the utility libraries.
ENV NVIDIA_DRIVER_CAPABILITIES=compute,utility CUDA_DEVICE_ORDER=PCI_BUS_ID
